import ApusVectors

/// The dictionary of a column chunk, by the width of its values.
///
/// Safety: values are staged for the form that the dictionary was made for, so they have its width;
/// indices come from the dictionary itself; room is reserved for all that is written.
enum ValueDictionary {
  case four(DictionaryTable<UInt32>)
  case eight(DictionaryTable<UInt64>)
  /// Wide decimals, so many bytes each in the file.
  case sixteen(DictionaryTable<UInt128>, width: Int)
  case strings(StringDictionary)

  /// - Returns: nil for booleans, which a dictionary would not make smaller.
  init?(_ form: StoredForm) {
    switch form {
    case .boolean: return nil
    case .int8ToInt32, .int16ToInt32, .int32, .int64ToInt32, .int64ToInt32Milliseconds, .float:
      self = .four(DictionaryTable())
    case .int64, .int64Milliseconds, .int128Nanoseconds, .double:
      self = .eight(DictionaryTable())
    case .int128(let byteCount): self = .sixteen(DictionaryTable(), width: byteCount)
    case .string: self = .strings(StringDictionary())
    }
  }

  var count: Int {
    switch self {
    case .four(let table): table.count
    case .eight(let table): table.count
    case .sixteen(let table, _): table.count
    case .strings(let table): table.count
    }
  }

  /// Bytes of the dictionary page.
  var plainByteCount: Int {
    switch self {
    case .four(let table): table.count * 4
    case .eight(let table): table.count * 8
    case .sixteen(let table, let width): table.count * width
    case .strings(let table): table.plainByteCount
    }
  }

  /// Memory in bytes.
  var allocatedByteCount: Int {
    switch self {
    case .four(let table): table.allocatedByteCount
    case .eight(let table): table.allocatedByteCount
    case .sixteen(let table, _): table.allocatedByteCount
    case .strings(let table): table.allocatedByteCount
    }
  }

  /// Bits that an index takes; no reader is asked to understand a width of none.
  var bitWidth: Int { max(1, Int.bitWidth - max(0, count - 1).leadingZeroBitCount) }

  func removeAll() {
    switch self {
    case .four(let table): table.removeAll()
    case .eight(let table): table.removeAll()
    case .sixteen(let table, _): table.removeAll()
    case .strings(let table): table.removeAll()
    }
  }

  /// Finds staged values, adding those that are new.
  func findIndices(
    of values: UnsafeRawPointer,
    count: Int,
    into output: UnsafeMutablePointer<UInt32>
  ) {
    switch self {
    case .four(let table):
      table.findIndices(of: values.assumingMemoryBound(to: UInt32.self), count: count, into: output)
    case .eight(let table):
      table.findIndices(of: values.assumingMemoryBound(to: UInt64.self), count: count, into: output)
    case .sixteen(let table, _):
      table.findIndices(
        of: values.assumingMemoryBound(to: UInt128.self),
        count: count,
        into: output
      )
    case .strings(let table):
      table.findIndices(
        of: values.assumingMemoryBound(to: StringView.self),
        count: count,
        into: output
      )
    }
  }

  /// Bytes that the values at `indices` take in a plain page.
  func plainByteCount(of indices: UnsafePointer<UInt32>, count: Int) -> Int {
    switch self {
    case .four: count * 4
    case .eight: count * 8
    case .sixteen(_, let width): count * width
    case .strings(let table): table.plainByteCount(of: indices, count: count)
    }
  }

  /// Appends all values in the order of their indices: the content of the dictionary page.
  func appendPlain(to output: GrowableBytes) {
    switch self {
    case .four(let table):
      output.append(UnsafeRawBufferPointer(start: table.values, count: table.count * 4))
    case .eight(let table):
      output.append(UnsafeRawBufferPointer(start: table.values, count: table.count * 8))
    case .sixteen(let table, let width):
      appendBigEndian(table.values, count: table.count, width: width, to: output)
    case .strings(let table):
      ApusFormats.appendPlain(
        table.values,
        count: table.count,
        byteCount: table.plainByteCount,
        to: output
      )
    }
  }

  /// Appends the values at `indices`, as a page without a dictionary has them.
  func appendPlain(_ indices: UnsafePointer<UInt32>, count: Int, to output: GrowableBytes) {
    switch self {
    case .four(let table): gather(table.values, indices, count, to: output)
    case .eight(let table): gather(table.values, indices, count, to: output)
    case .sixteen(let table, let width):
      let values = GrowableBytes(capacity: count * 16)
      gather(table.values, indices, count, to: values)
      appendBigEndian(
        values.base.assumingMemoryBound(to: UInt128.self),
        count: count,
        width: width,
        to: output
      )
    case .strings(let table):
      ApusFormats.appendPlain(
        table.values,
        at: indices,
        count: count,
        byteCount: table.plainByteCount(of: indices, count: count),
        to: output
      )
    }
  }

  @inline(__always)
  private func gather<Key>(
    _ values: UnsafePointer<Key>,
    _ indices: UnsafePointer<UInt32>,
    _ count: Int,
    to output: GrowableBytes
  ) {
    let byteCount = count * MemoryLayout<Key>.stride
    output.reserve(byteCount)
    let target = output.end.assumingMemoryBound(to: Key.self)
    for index in 0..<count { target[index] = values[Int(indices[index])] }
    output.advance(byteCount)
  }
}
