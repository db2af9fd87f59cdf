namespace Interp.Torch.Tests.Tensors;

public class ReductionTests
{
    private readonly Tensor x = Make.Of(new[,] { { 3.0, 1, 2 }, { -1, 5, 0 } });

    [Fact]
    public void Sums_and_means_go_over_all_or_some_dimensions()
    {
        Assert.Equal(10, x.sum().item<double>());
        AssertTensor.Equal([2.0, 6, 2], x.sum(0));
        AssertTensor.Equal([2, 1], [6.0, 4], x.sum(-1, keepdim: true));
        AssertTensor.Equal([], [10.0], x.sum([0, 1]));
        Assert.Equal(10 / 6.0, x.mean().item<double>(), 1e-15);
        AssertTensor.Close([2, 4 / 3.0], x.mean(1));
        Assert.Equal(0, x.prod().item<double>());
        AssertTensor.Equal([-3.0, 5, 0], x.prod(0));
        Assert.Equal(ScalarType.Int64, Make.Of(true, true).sum().dtype);
        Assert.Equal(ScalarType.Float64, Make.Of(1f).sum([], dtype: ScalarType.Float64).dtype);
    }

    [Fact]
    public void Spread_is_divided_by_N_less_the_correction()
    {
        double[] row = [3, 1, 2];
        AssertTensor.Close([1, Variance([-1, 5, 0], 1)], x.var(1), 1e-14);
        AssertTensor.Close([Math.Sqrt(2 / 3.0), Math.Sqrt(Variance([-1, 5, 0], 0))], x.std(1, correction: 0), 1e-14);
        Assert.Equal(Variance([3, 1, 2, -1, 5, 0], 1), x.var().item<double>(), 1e-14);
        Assert.Equal(Math.Sqrt(Variance([3, 1, 2, -1, 5, 0], 1)), x.std().item<double>(), 1e-14);
        var (std, mean) = x.std_mean([1]);
        AssertTensor.Close(x.std(1), std);
        AssertTensor.Close(x.mean(1), mean);
        Assert.Equal(Variance(row, 1), x.var_mean([1]).var[0].item<double>(), 1e-14);

        static double Variance(double[] v, int correction) =>
            v.Sum(e => (e - v.Average()) * (e - v.Average())) / (v.Length - correction);
    }

    [Fact]
    public void Extremes_know_where_they_are()
    {
        Assert.Equal((5.0, -1.0), (x.max().item<double>(), x.min().item<double>()));
        var (values, indices) = x.max(1);
        AssertTensor.Equal([3.0, 5], values);
        AssertTensor.Equal([0L, 1L], indices);
        AssertTensor.Equal([1L, 0L, 1L], x.min(0).indices);
        AssertTensor.Equal([3.0, 5, 2], x.amax([0]));
        AssertTensor.Equal([1.0, -1], x.amin(1));
        Assert.Equal(4, x.argmax().item<long>());
        AssertTensor.Equal([0L, 1L, 0L], x.argmax(0));
        AssertTensor.Equal([1L, 0L], x.argmin(1));
    }

    [Fact]
    public void Order_is_found_by_sorting_or_choosing()
    {
        AssertTensor.Equal([2, 2], [3.0, 2, 5, 0], x.topk(2).values);
        AssertTensor.Equal([2, 2], [1L, 2L, 0L, 2L], x.topk(2, largest: false).indices);
        AssertTensor.Equal([2, 3], [1.0, 2, 3, -1, 0, 5], x.sort().values);
        AssertTensor.Equal([2, 3], [0L, 2L, 1L, 1L, 2L, 0L], x.argsort(descending: true));
        AssertTensor.Equal([2.0, 0], x.median(1).values);
        Assert.Equal(1, x.median().item<double>());
        AssertTensor.Equal([2.0, 0], x.kthvalue(2).values);
        Assert.Equal(1.5, x.quantile(0.5).item<double>());
        AssertTensor.Close([1.5, -0.5, 2.5, 2.5], x.quantile(Make.Of(0.25, 0.75), 1));
        Assert.Equal(7, Make.Of(7L, 3L, 7L).mode().values.item<long>());
    }

    [Fact]
    public void Truths_are_counted()
    {
        Assert.True((x < 6).all().item<bool>());
        Assert.False((x < 5).all().item<bool>());
        AssertTensor.Equal([false, true, false], (x > 3).any(0));
        AssertTensor.Equal([true, false], (x > 0).all(1));
        Assert.True((x > 4).any().item<bool>());
        Assert.Equal(5, x.count_nonzero().item<long>());
    }

    [Fact]
    public void Norms_and_log_sums_do_not_overflow()
    {
        Assert.Equal(Math.Sqrt(40), x.norm().item<double>(), 1e-5);
        AssertTensor.Close([Math.Sqrt(14), Math.Sqrt(26)], x.norm([1]));
        AssertTensor.Close([6, 6], x.norm([1], 1));
        AssertTensor.Close([1000 + Math.Log(2)], Make.Of(1000.0, 1000.0).logsumexp(0, keepdim: true), 1e-12);
    }

    [Fact]
    public void Running_values_go_along_a_dimension()
    {
        AssertTensor.Equal([2, 3], [3.0, 4, 6, -1, 4, 4], x.cumsum(1));
        AssertTensor.Equal([2, 3], [3.0, 3, 6, -1, -5, 0], x.cumprod(1));
        var (values, indices) = x.cummax(1);
        AssertTensor.Equal([2, 3], [3.0, 3, 3, -1, 5, 5], values);
        AssertTensor.Equal([2, 3], [0L, 0L, 0L, 0L, 1L, 1L], indices);
        AssertTensor.Equal([2, 3], [3.0, 1, 1, -1, -1, -1], x.cummin(1).values);
        AssertTensor.Equal([2, 2], [-2.0, 1, 6, -5], x.diff());
        AssertTensor.Close([0, Math.Log(2)], Make.Of(0.0, 0.0).logcumsumexp(0), 1e-12);
    }

    [Fact]
    public void Integers_and_intervals_are_counted()
    {
        AssertTensor.Equal([1L, 0L, 2L, 0L], Make.Of(2L, 0L, 2L).bincount(minlength: 4));
        AssertTensor.Equal([0.5, 0, 3], Make.Of(2L, 0L, 2L).bincount(Make.Of(1.0, 0.5, 2.0)));
        AssertTensor.Equal([2f, 1f], Make.Of(0f, 1f, 4f).histc(2, 0, 4));
        AssertTensor.Equal([0L, 2L, 1L], Make.Of(0f, 5f, 2f).bucketize(Make.Of(1f, 3f)));
    }

    [Fact]
    public void Not_a_numbers_can_be_left_out()
    {
        var y = Make.Of(1f, float.NaN, 3f);
        Assert.Equal(4, y.nansum([0]).item<float>());
        Assert.Equal(2, y.nanmean([0]).item<float>());
    }

    [Fact]
    public void Covariance_and_correlation_are_of_rows()
    {
        var y = Make.Of(new[,] { { 1.0, 2, 3 }, { 2, 4, 7 } });
        AssertTensor.Close([1, 2.5, 2.5, 19 / 3.0], y.cov(), 1e-12);
        AssertTensor.Close([1, 2.5 / Math.Sqrt(19 / 3.0), 2.5 / Math.Sqrt(19 / 3.0), 1], y.corrcoef(), 1e-12);
    }

    [Fact]
    public void Different_elements_are_found()
    {
        var (values, inverse, counts) = torch.unique(Make.Of(3L, 1L, 3L));
        AssertTensor.Equal([1L, 3L], values);
        AssertTensor.Equal([1L, 0L, 1L], inverse);
        AssertTensor.Equal([1L, 2L], counts);
        AssertTensor.Equal([3L, 1L, 3L], Make.Of(3L, 3L, 1L, 3L).unique_consecutive().values);
        AssertTensor.Equal([2, 2], [1L, 1L, 2L, 2L], Make.Of(new[,] { { 2L, 2L }, { 1L, 1L }, { 2L,
            2L } }).unique(0).values);
    }
}
