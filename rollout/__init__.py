"""The program on the droplet: releases, gates and switches, written with the standard library alone."""
