"""What payment providers answer when they are asked: nothing of it is believed because a notice said so."""
