"""The errors that people meet. Every message says what is wrong and how to mend it."""


class TutorError(Exception):
    """Something that the person at the other end can mend.

    `str(error)` is one or more complete sentences: what is wrong, then what to do.
    Nothing secret may stand in it: it is shown to operators as it is.
    """


class SettingsError(TutorError):
    """A setting is missing or has a value that cannot be used."""


class LessonError(TutorError):
    """A lesson file cannot be used; the message starts with file:line:column."""


class LanguageError(TutorError):
    """A language's file cannot be used; the message names the file."""


class SandboxError(TutorError):
    """This host cannot confine scenarios, or the sandbox could not be started."""


class NoWorkersError(SandboxError):
    """Runs are made on other machines, and none is there."""


class LeaseHeldError(TutorError):
    """Another process holds what only one may hold."""


class RunQueueError(TutorError):
    """A run was not admitted to the queue."""


class LearnerBusyError(RunQueueError):
    """This learner has a run under way; one at a time."""


class QueueFullError(RunQueueError):
    """The waiting line is full."""


class ShuttingDownError(RunQueueError):
    """The bot is shutting down and takes no new runs."""
