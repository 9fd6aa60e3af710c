import ApusPlanner
import ApusValues
import ApusVectors
import CUTF8Proc

/// `normalize(text[, form])`: the text in a normal form of Unicode, NFC if none is named.
enum Normalize: ScalarFunction {
  static let overloads: [ScalarOverload] = [
    .text(
      .text(
        "normalize",
        [.anyVarchar, .anyVarchar],
        "Brings text into the form NFC, NFD, NFKC or NFKD of Unicode."
      )
    ) { arguments in
      let texts = arguments[0].texts
      let forms = arguments[1].texts
      return { row, heap throws(SQLError) -> StringView? in
        guard let form = NormalForm(rawValue: forms[row].string.uppercased()) else {
          throw invalidArgument("Normalization form must be one of [NFD, NFC, NFKD, NFKC]")
        }
        let bytes = texts.bytes(row)
        // ASCII is in every form.
        if bytes.allSatisfy({ $0 < 0x80 }) { return texts[row] }
        return try NormalForm.load().normalize(bytes, form, heap)
      }
    }
  ]
}

/// The normal forms, by utf8proc, which is loaded by the first query that needs it.
private enum NormalForm: String, Sendable {
  case composed = "NFC"
  case decomposed = "NFD"
  case compatibleComposed = "NFKC"
  case compatibleDecomposed = "NFKD"

  /// Safety: the pointer is to a function of a library that is never unloaded.
  struct Library: @unchecked Sendable {
    let functions: apus_utf8proc

    init?() {
      var functions = apus_utf8proc()
      guard apus_utf8proc_load(&functions) else { return nil }
      self.functions = functions
    }

    func normalize(_ bytes: UnsafeRawBufferPointer, _ form: NormalForm, _ heap: StringHeap)
      throws(SQLError) -> StringView
    {
      if let view = map(bytes, form, heap) { return view }
      // Files may hold what is not UTF-8: it is replaced, as wherever text is taken apart.
      var repaired = String(decoding: bytes, as: UTF8.self)
      let view = repaired.withUTF8 { map(UnsafeRawBufferPointer($0), form, heap) }
      guard let view else {
        throw SQLError(.exceededLocalMemoryLimit, "No memory to normalize a text")
      }
      return view
    }

    private func map(_ bytes: UnsafeRawBufferPointer, _ form: NormalForm, _ heap: StringHeap)
      -> StringView?
    {
      var output: UnsafeMutablePointer<UInt8>?
      let count = withUnsafePointer(to: functions) {
        apus_utf8proc_normalize(
          $0,
          bytes.baseAddress,
          bytes.count,
          form == .composed || form == .compatibleComposed,
          form == .compatibleComposed || form == .compatibleDecomposed,
          &output
        )
      }
      defer { free(output) }
      guard count >= 0, let output else { return nil }
      return heap.store(UnsafeRawBufferPointer(start: output, count: count))
    }
  }

  private static let loaded = Library()

  static func load() throws(SQLError) -> Library {
    guard let loaded else { throw .notSupported("normalize without libutf8proc.so.2") }
    return loaded
  }
}
