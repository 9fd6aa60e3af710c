public import ApusValues
public import ApusVectors

/// Says which rows of a scan are wanted, looking at as few of their columns as it needs.
///
/// Positions are those of columns among the columns of the scan's request.
public protocol VectorFilter {
  /// The columns that are put out, in order.
  var output: [Int] { get }

  /// Returns the rows wanted among the next `rowCount`.
  ///
  /// - Parameter column: gives a column of all these rows, which is read when first asked for.
  /// - Throws: what `column` throws, and the errors of rows that the filter concerns.
  func select(
    _ rowCount: Int,
    column: (Int) throws(SQLError) -> ColumnVector
  ) throws(SQLError) -> Selection
}
