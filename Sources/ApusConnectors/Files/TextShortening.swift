import ApusValues
import ApusVectors

/// Cuts texts to the length of a declared varchar(n) or char(n).
struct TextShortening {
  /// In code points.
  var length: Int
  /// As char keeps its values.
  var dropsTrailingSpaces: Bool

  func apply(_ vector: ColumnVector, to type: SQLType) -> ColumnVector {
    // Few texts repeat in the rows of a dictionary, so that each is cut once.
    if vector.encoding == .dictionary, let indices = vector.indices {
      let dictionary = apply(vector.dictionary, to: type)
      return withExtendedLifetime(vector) {
        dictionary.gather(UnsafeBufferPointer(start: indices, count: vector.count))
      }
    }
    let flat = vector.flattened()
    let builder = VectorBuilder(type: type, capacity: flat.count)
    let output = builder.values(as: StringView.self)
    withExtendedLifetime(flat) {
      let views = flat.values(as: StringView.self)
      for row in 0..<flat.count {
        let bytes = StringView.bytes(at: views + row)
        let count = keptByteCount(bytes)
        if count == bytes.count {
          output[row] = views[row]
        } else {
          builder.setString(row, UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
      }
      if let validity = flat.validity {
        builder.makeValidity().update(from: validity, count: flat.count)
      }
    }
    builder.retain(heaps: flat.storage.heaps)
    return builder.finish(count: flat.count)
  }

  private func keptByteCount(_ bytes: UnsafeRawBufferPointer) -> Int {
    var end = bytes.count
    if end > length {
      var characters = 0
      for (index, byte) in bytes.enumerated() where byte & 0xc0 != 0x80 {
        characters += 1
        if characters > length {
          end = index
          break
        }
      }
    }
    if dropsTrailingSpaces {
      while end > 0, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
    }
    return end
  }
}
