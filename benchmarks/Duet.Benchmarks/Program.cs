// Times Duet beside PyTorch, or beside ONNX Runtime, on the same network, in turns, and prints ratios; or fast beside exact preparation of
// pictures; or an answer for one product beside the bare forward pass; or which score recognizes products that are unlike a catalog; or the
// service under load.
//   dotnet run -c Release --project benchmarks/Duet.Benchmarks -- [--preset small] [--threads 2] [--rounds 3] [--seconds 8]
//   dotnet run -c Release --project benchmarks/Duet.Benchmarks -- --what onnx [--preset small] [--threads 2] [--rounds 3] [--seconds 8]
// [--onnx FOLDER]
//   dotnet run -c Release --project benchmarks/Duet.Benchmarks -- --what preprocessing [--pictures FOLDER] [--count 200] [--rounds 3]
//   dotnet run -c Release --project benchmarks/Duet.Benchmarks -- --what predict --run RUN [--threads 2] [--rounds 3] [--seconds 8]
//   dotnet run -c Release --project benchmarks/Duet.Benchmarks -- --what novelty --run CALIBRATED_RUN [--threads 2]
//   dotnet run -c Release --project benchmarks/Duet.Benchmarks -- --what speed [--preset small] [--threads 2] [--seconds 8]
//   dotnet run -c Release --project benchmarks/Duet.Benchmarks -- --what serving --run RUN [--batch 64] [--threads 2] [--seconds 8]
// [--pictures FOLDER] [--count 200]
using Duet.Benchmarks;

var options = BenchmarkOptions.Parse(args);
return options.What switch
{
    "peers" => PeerComparison.Run(options),
    "onnx" => OnnxComparison.Run(options),
    "preprocessing" => PreprocessingComparison.Run(options),
    "predict" => PredictTiming.Run(options),
    "novelty" => NoveltyComparison.Run(options),
    "speed" => SpeedTiming.Run(options),
    "serving" => ServingLoad.Run(options),
    var other => throw new InvalidOperationException(
        $"There is no benchmark {other}; there are peers, onnx, preprocessing, predict, novelty, speed and serving."
    ),
};
