"""How often one client may ask: attempts that matter are counted in Redis for all processes, the rest in memory."""
