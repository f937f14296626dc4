"""The evidence of surveys, wave by wave: may a number be trusted, may teams be compared, is a change one."""
