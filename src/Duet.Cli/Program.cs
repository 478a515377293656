// The command line's entry point.
return 0;
