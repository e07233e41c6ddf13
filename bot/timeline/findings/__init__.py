"""Why a run did what it did: findings made from its record and its source. Pure."""
