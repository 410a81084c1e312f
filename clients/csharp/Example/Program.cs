// Lists a host's workflows, sends a head MRI, runs a workflow on it with progress and writes the mask.
//
//   dotnet run -- http://127.0.0.1:50151 head-mri.raw mask.raw
using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Voxhost;
using Voxhost.V1;

public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true; // The run is cancelled on the host first.
            stop.Cancel();
        };
        try
        {
            using (var host = await VoxhostClient.ConnectAsync(args[0], null, stop.Token))
            {
                foreach (var workflow in await host.WorkflowsAsync(stop.Token))
                {
                    Console.WriteLine($"{workflow.Name}: {workflow.Title}");
                }
                var header = new VolumeHeader
                {
                    Sizes = { 181, 217, 181 },
                    ComponentType = ComponentType.Uint8,
                    Components = 1,
                    IndexToWorldLps = { -1, 0, 0, 90, 0, -1, 0, 126, 0, 0, 1, -72 },
                    Modality = "MR",
                };
                var inputs = new Dictionary<string, Image> { ["image"] = new Image(header, File.ReadAllBytes(args[1])) };
                var progress = new Progress<RunEvent>(happened =>
                {
                    if (happened.Progress != null) Console.WriteLine($"{happened.Progress.Fraction:P0} {happened.Progress.Stage}");
                });
                var run = await host.RunAsync("brain_extraction_deepbet", inputs, null, progress, stop.Token);
                foreach (var found in run.Outputs[0].Segments)
                {
                    Console.WriteLine($"{found.Segment.Name}: {found.VolumeMl:F1} mL");
                }
                File.WriteAllBytes(args[2], (await host.DownloadAsync(run.Outputs[0].Volume.Name, stop.Token)).Voxels);
                return 0;
            }
        }
        catch (VoxhostException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 130;
        }
    }
}
