"""Every sentence a learner reads, in each language."""
