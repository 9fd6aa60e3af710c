import ApusVectors

// Rows of a page that nobody wants are stepped over with as little work as the encoding allows:
//
//   fixed width, booleans, split streams   by a sum
//   runs and packed bits                   run by run
//   byte arrays with lengths in front      length by length
//   differences                            by adding them up
//   shared prefixes                        by putting each value together
//
// What is stepped over is checked as far as the way to the next row needs it, no further.

extension ColumnChunkReader {
  /// Steps over rows of the current page, of which others follow.
  func skipRows(_ count: Int) throws(DecodingFailure) {
    let validCount = try levels?.skipLevels(count) ?? count
    // In steps, for what a page states of its length is not yet known to be true.
    var left = validCount
    while left > 0 {
      let step = min(left, ColumnChunkReader.greatestStep)
      try skipValues(step)
      left -= step
    }
  }

  private static var greatestStep: Int { 4096 }

  private func skipValues(_ count: Int) throws(DecodingFailure) {
    switch values {
    case .plain(let position):
      let byteCount = count * (width ?? 1)
      let end = UnsafeRawPointer(pageBuffer.base + pageEnd)
      guard byteCount <= end - position else { throw .truncated }
      values = .plain(position + byteCount)
    case .plainByteArrays(var arrays):
      try arrays.skip(count)
      values = .plainByteArrays(arrays)
    case .plainBooleans(let start, let first):
      let end = UnsafeRawPointer(pageBuffer.base + pageEnd)
      guard first + count <= (end - start) * 8 else { throw .truncated }
      values = .plainBooleans(start, first: first + count)
    case .runLengthBooleans(var runs):
      try runs.skip(count)
      values = .runLengthBooleans(runs)
    case .indices(var runs):
      try runs.skip(count)
      values = .indices(runs)
    case .differences(var differences):
      try differences.skip(count)
      values = .differences(differences)
    case .deltaLengthByteArrays(var arrays):
      let scratch = self.scratch(byteCount: count * 8).assumingMemoryBound(to: Int64.self)
      try arrays.skip(count, scratch: scratch)
      values = .deltaLengthByteArrays(arrays)
    case .deltaByteArrays(var arrays):
      let scratch = self.scratch(byteCount: count * 16).assumingMemoryBound(to: Int64.self)
      try arrays.skip(count, scratch: scratch)
      values = .deltaByteArrays(arrays)
    case .byteStreamSplit(var streams):
      try streams.skip(count)
      values = .byteStreamSplit(streams)
    }
  }
}
