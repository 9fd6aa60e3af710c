import ApusValues

extension ColumnVector {
  /// Returns one row as Athena prints it; NULL is nil.
  public func text(_ row: Int) -> String? { value(row).text(as: type) }
}
