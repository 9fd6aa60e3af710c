import ApusPlanner
import ApusValues
import ApusVectors

// UUIDs and network addresses from and to text and bytes.

extension CastOperation {
  func uuidKernel() -> UnaryKernel {
    parsingKernel { bytes throws(SQLError) -> Int128 in
      if from == .varbinary {
        guard bytes.count == 16 else {
          throw invalid("Invalid UUID binary length: \(bytes.count)")
        }
        return Int128(ordered: bytes)
      }
      let text = text(bytes)
      if let value = parseUUID(text) { return value }
      throw invalid(
        isShortUUID(text)
          ? "Invalid UUID string length: \(bytes.count)" : "Cannot cast value to UUID: \(text)"
      )
    }
  }

  /// Whether text has the five numbers of a uuid, but not all of their digits.
  private func isShortUUID(_ text: String) -> Bool {
    let groups = text.split(separator: "-", omittingEmptySubsequences: false)
    return text.utf8.count < 36 && groups.count == 5
      && groups.allSatisfy { Int64($0, radix: 16) != nil }
  }

  func addressKernel() -> UnaryKernel {
    parsingKernel { bytes throws(SQLError) -> Int128 in
      switch from {
      case .varbinary:
        guard let address = IPAddress(bytes: Array(bytes)) else {
          throw invalid("Invalid IP address binary length: \(bytes.count)")
        }
        return address.ordered
      case .ipPrefix:
        return Int128(ordered: bytes.dropLast())
      default:
        guard let address = IPAddress(text(bytes)) else {
          throw invalid("Cannot cast value to IPADDRESS: \(text(bytes))")
        }
        return address.ordered
      }
    }
  }

  func prefixKernel() -> UnaryKernel {
    { vector, rows, errors throws(SQLError) in
      let vector = vector.decoded
      defer { extendLifetime(vector) }
      let isAddress = from == .ipAddress
      return mapText([vector], to: to, rows: rows, range: range, errors: &errors) {
        (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
        if isAddress {
          let address = IPAddress(ordered: vector.operand(as: Int128.self)[row])
          return address.prefix(length: address.isVersion4 ? 32 : 128).map { heap.store($0) }
        }
        let bytes = vector.operand(as: StringView.self).bytes(row)
        guard let prefix = IPAddress.parsePrefix(text(bytes)) else {
          throw invalid("Cannot cast value to IPPREFIX: \(text(bytes))")
        }
        return heap.store(prefix)
      }
    }
  }

  /// The sixteen bytes of a uuid or an address.
  func addressBytesKernel() -> UnaryKernel {
    { vector, rows, errors throws(SQLError) in
      let vector = vector.decoded
      defer { extendLifetime(vector) }
      let source = vector.operand(as: Int128.self)
      return mapText([vector], to: to, rows: rows, range: range, errors: &errors) {
        (row: Int, heap: StringHeap) throws(SQLError) -> StringView? in
        heap.store(source[row].orderedBytes)
      }
    }
  }
}
