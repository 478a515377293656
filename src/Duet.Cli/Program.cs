// The command line's entry point.
return Duet.Cli.CommandLine.Run(args);
