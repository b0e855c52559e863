using System.Text.Json.Nodes;

namespace LightningSharp.Conformance;

/// <summary>
/// Turns a recorded call into what we expect of ours: the differences that hold in every case (docs/conformance-differences.md, first table). The peculiarities of
/// single cases are in <see cref="Differences"/>.
/// </summary>
internal static class Expectation
{
    // log_graph and after_save_checkpoint have no counterpart here (the README of the cases lets a port leave them out).
    private static readonly string[] Unknown = ["L.log_graph", "L.after_save_checkpoint"];

    private static readonly string[] WithoutInfo =
        ["on_exception", "on_validation_batch_end", "on_test_batch_end", "on_predict_batch_end"];

    public static List<Row> Rows(JsonArray trace)
    {
        var rows = new List<Row>();
        Row? step = null;
        double? loss = null;
        var failed = false;
        foreach (var row in trace.Select(item => Row.Of(item!.AsArray())))
        {
            if (Unknown.Contains(row.Key)) continue;
            if (row.Key == "M.optimizer_step")
            {
                step = row; // no closure here: the step comes after backward and clipping (architecture.md, section 1)
                continue;
            }

            if (row.Key == "M.training_step") loss = (double?)row.Info?["loss"];
            if (step is not null && rows.Count > 0 && rows[^1].Hook is "configure_gradient_clipping" or "clipped" && row.Hook != "clipped")
            {
                rows.Add(step!);
                step = null;
            }

            if (row.Hook == "on_exception") failed = true;
            // Ours restores the modes of the modules also after an exception (HK17, E17).
            rows.Add(Ours(failed ? row with { Training = true } : row, loss));
        }

        // Ours reads the file first: a run that goes on may choose its folder by it.
        if (rows.FindIndex(row => row.Key == "K.load_checkpoint") is > 0 and var load)
        {
            var file = rows[load];
            rows.RemoveAt(load);
            rows.Insert(rows.FindLastIndex(row => row.Hook == "prepare_data") + 1, file);
        }

        return rows;
    }

    private static Row Ours(Row row, double? loss)
    {
        if (WithoutInfo.Contains(row.Hook) && row.Info is { } info)
        {
            foreach (var key in new[] { "outputs", "type", "message" }) info.Remove(key);
            return info.Count == 0 ? row with { Info = null } : row;
        }

        if (row.Stage == "sanity_check" && row.Info is { } snapshot && snapshot.ContainsKey("callback_metrics"))
        {
            // Nothing is stored in the sanity check (G21); Lightning forgets it only afterwards.
            foreach (var key in new[] { "callback_metrics", "logged_metrics", "progress_bar_metrics" }) snapshot[key] = new JsonObject();
        }

        if (row.Key == "M.configure_gradient_clipping" && row.Info!["gradient_clip_algorithm"] is null) row.Info["gradient_clip_algorithm"] = "norm";
        if (row.Hook == "on_train_batch_end" && row.Info?["loss"] is not null && loss is { } value) row.Info["loss"] = Plain.Number(value); // the user's value (D-LOSS)
        if (row.Key == "K.save_checkpoint") row.Info!.Remove("checkpoint");
        return row;
    }
}
