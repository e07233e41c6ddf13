"""From YAML files to lessons, with errors that tell their place."""
