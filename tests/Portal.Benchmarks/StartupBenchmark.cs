using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Portal.Benchmarks;

/// <summary>The built portal on the embedded default: from process start to the first page, and its memory when idle.</summary>
internal static class StartupBenchmark
{
    private const int Runs = 5;
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(15);

    public static async Task RunAsync()
    {
        var pages = new List<TimeSpan>();
        var processes = new List<TimeSpan>();
        for (var run = 0; run < Runs; run++)
        {
            pages.Add(await StartAsync(idle: null));
            processes.Add(await StartRuntimeAsync());
        }

        var page = Measure.Median(pages);
        Measure.Report("start to first page served", page.TotalSeconds.ToString("0.00 s", CultureInfo.InvariantCulture), "3 s");
        Measure.Report("  / starting the .NET runtime alone", (page / Measure.Median(processes)).ToString("0.0 x", CultureInfo.InvariantCulture));
        await StartAsync(process =>
        {
            process.Refresh();
            Measure.Report("memory of the idle portal with sandbox", (process.WorkingSet64 / 1024.0 / 1024).ToString("0 MiB", CultureInfo.InvariantCulture), "250 MiB");
        });
    }

    private static async Task<TimeSpan> StartAsync(Action<Process>? idle)
    {
        var data = Directory.CreateTempSubdirectory("portal-benchmark-");
        var address = $"http://127.0.0.1:{FreePort()}";
        var clock = Stopwatch.StartNew();
        using var process = Start(Path.Combine(AppContext.BaseDirectory, "Portal.Web.dll"), $"--Urls={address}", $"--Data:Directory={data.FullName}");
        try
        {
            using var http = new HttpClient();
            while (!await IsServedAsync(http, new Uri($"{address}/sign-in")))
            {
                if (process.HasExited || clock.Elapsed > TimeSpan.FromSeconds(60))
                {
                    throw new InvalidOperationException("The portal did not serve its first page.");
                }

                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }

            var served = clock.Elapsed;
            if (idle is not null)
            {
                await Task.Delay(s_idle, TimeProvider.System);
                idle(process);
            }

            return served;
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            data.Delete(recursive: true);
        }
    }

    private static async Task<TimeSpan> StartRuntimeAsync()
    {
        var clock = Stopwatch.StartNew();
        using var process = Start("--version");
        await process.WaitForExitAsync();
        return clock.Elapsed;
    }

    private static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<bool> IsServedAsync(HttpClient http, Uri page)
    {
        try
        {
            using var response = await http.GetAsync(page);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
