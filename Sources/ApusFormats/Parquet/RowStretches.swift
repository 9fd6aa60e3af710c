public import ApusVectors

/// Selected rows as the stretches that they form, where they are few enough for columns to be read
/// stretch by stretch.
///
/// Beginning and leaving a stretch costs as much as decoding many rows in a row, so that more
/// stretches are better picked from what is decoded as a whole.
public struct RowStretches: Sendable {
  public let selection: Selection
  /// Ascending and apart from each other; nil if all rows are to be decoded.
  let stretches: [Range<Int>]?

  /// Rows whose decoding costs about as much as a stretch of its own.
  private static let costOfStretch = 128

  public init(_ selection: Selection) {
    self.selection = selection
    guard let indices = selection.indices else {
      stretches = nil
      return
    }
    let greatestCount = selection.rowCount / RowStretches.costOfStretch
    var stretches: [Range<Int>] = []
    var start = -1
    var end = -1
    for index in indices {
      let row = Int(index)
      if row != end {
        if start >= 0 { stretches.append(start..<end) }
        guard stretches.count <= greatestCount else {
          self.stretches = nil
          return
        }
        start = row
      }
      end = row + 1
    }
    if start >= 0 { stretches.append(start..<end) }
    self.stretches = stretches
  }
}
