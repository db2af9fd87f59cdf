namespace Interp.Reports.Tests.Data;

public class GridTests
{
    [Fact]
    public void Rows_and_cells_are_read_row_by_row()
    {
        var grid = new Grid(new float[] { 1, 2, 3, 4, 5, 6 }, 2, 3);
        Assert.Equal(6, grid[1, 2]);
        Assert.Equal(new float[] { 4, 5, 6 }, grid.Row(1).ToArray());
        Assert.Equal(new float[] { 1, 2, 3, 4 }, Grid.From(new float[,] { { 1, 2 }, { 3, 4 } }).Values.ToArray());
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(0, 6)]
    [InlineData(-2, -3)]
    [InlineData(65536, 65536)]
    public void A_shape_that_does_not_fit_the_values_is_an_error_naming_both(int rows, int columns)
    {
        var error = Assert.Throws<ArgumentException>(() => new Grid(new float[6], rows, columns));
        Assert.Contains($"{rows} × {columns}", error.Message);
        Assert.Contains("got 6", error.Message);
    }
}
