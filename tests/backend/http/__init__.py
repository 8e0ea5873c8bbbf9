"""The monitor: what any engine shows over HTTP, tested on a real one."""
