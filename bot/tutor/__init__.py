"""The tutor: an Ask becomes a stream of Replies. No platform is named here."""
