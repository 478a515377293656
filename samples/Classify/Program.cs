// Classifies one product from C#: dotnet run --project samples/Classify -- RUN PICTURE TEXT
using Duet.Samples.Classify;

if (args.Length != 3)
{
    Console.Error.WriteLine(
        "Usage: dotnet run --project samples/Classify -- RUN PICTURE TEXT   (a run folder, a picture file, a text; \"\" for none)"
    );
    return 2;
}

OneProduct.Show(args[0], args[1], args[2], Console.Out);
return 0;
