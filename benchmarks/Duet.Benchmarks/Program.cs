// Times Duet beside PyTorch on the same network, in turns, and prints ratios.
//   dotnet run -c Release --project benchmarks/Duet.Benchmarks -- [--preset small] [--threads 2] [--rounds 3] [--seconds 8]
using Duet.Benchmarks;

var options = BenchmarkOptions.Parse(args);
return PeerComparison.Run(options);
