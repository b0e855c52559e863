namespace LightningSharp.Native;

/// <summary>How a tensor's elements lie in memory. The fused CPU kernels walk raw memory, so parameter, gradient and state must lie alike.</summary>
internal static class TensorLayout
{
    /// <summary>Whether both tensors, of one shape, store every element at the same offset.</summary>
    public static bool Same(nint left, nint right)
    {
        var sizes = StableAbi.Sizes(left);
        if (!sizes.SequenceEqual(StableAbi.Sizes(right))) return false;
        var a = StableAbi.Strides(left);
        var b = StableAbi.Strides(right);
        if (a.SequenceEqual(b)) return true;
        for (var i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] > 1 && a[i] != b[i]) return false;
        }

        return true;
    }

    /// <summary>Whether the elements fill one block of memory without gaps or overlap, in any order of dimensions.</summary>
    public static bool IsDense(nint tensor)
    {
        if (!StableAbi.IsStrided(tensor)) return false;
        if (StableAbi.Count(tensor) == 0) return true;
        var sizes = StableAbi.Sizes(tensor);
        var strides = StableAbi.Strides(tensor);
        Span<int> order = stackalloc int[sizes.Length];
        var used = 0;
        for (var i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] != 1) order[used++] = i;
        }

        long expected = 1;
        for (var placed = 0; placed < used; placed++)
        {
            var next = -1;
            for (var i = placed; i < used; i++)
            {
                if (strides[order[i]] == expected) next = i;
            }

            if (next < 0) return false;
            (order[placed], order[next]) = (order[next], order[placed]);
            expected *= sizes[order[placed]];
        }

        return true;
    }
}
