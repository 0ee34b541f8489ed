"""What every stack must hold to, whoever writes the program: rules that Pulumi asks before it changes anything."""
