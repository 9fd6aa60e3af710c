import ApusPlanner
import ApusValues
import ApusVectors
import CStemmer

/// `word_stem(word[, language])`: the stem of a word, in English if no language is named.
enum WordStem: ScalarFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("word_stem('running')", "run"),
      FunctionExample("word_stem('Katzen', 'de')", "Katz"),
    ]
  }

  static let overloads: [ScalarOverload] = [
    .text(
      .shorterText("word_stem", [.anyVarchar], "Returns the stem of an English word.")
    ) { arguments in
      let words = arguments[0].texts
      let stemmers = Stemmers()
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(try stemmers.stem(words.bytes(row), in: "en"))
      }
    },
    .text(
      .shorterText(
        "word_stem",
        [.anyVarchar, .anyVarchar],
        "Returns the stem of a word of a language, such as de, en or fr."
      )
    ) { arguments in
      let words = arguments[0].texts
      let languages = arguments[1].texts
      let stemmers = Stemmers()
      return { row, heap throws(SQLError) -> StringView? in
        heap.store(try stemmers.stem(words.bytes(row), in: languages[row].string))
      }
    },
  ]
}

/// The stemmers of Snowball, by libstemmer, which is loaded by the first query that needs it. A batch
/// has its own, as each remembers its last word.
private final class Stemmers {
  /// Safety: the pointers are to functions of a library that is never unloaded.
  private struct Library: @unchecked Sendable {
    let functions: apus_stemmer_library

    init?() {
      var functions = apus_stemmer_library()
      guard apus_stemmer_load(&functions) else { return nil }
      self.functions = functions
    }
  }

  private static let loaded = Library()

  /// What the languages' stemmers are called.
  private static let algorithms = [
    "ca": "catalan", "da": "danish", "de": "german", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "hu": "hungarian", "hy": "armenian",
    "ir": "irish", "it": "italian", "lt": "lithuanian", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
  ]

  private var stemmers: [String: UnsafeMutableRawPointer] = [:]

  deinit {
    guard let library = Stemmers.loaded else { return }
    withUnsafePointer(to: library.functions) { functions in
      for stemmer in stemmers.values { apus_stemmer_destroy(functions, stemmer) }
    }
  }

  /// - Returns: the stem; valid until the next word.
  func stem(_ word: UnsafeRawBufferPointer, in language: String) throws(SQLError)
    -> UnsafeRawBufferPointer
  {
    guard let library = Stemmers.loaded else {
      throw .notSupported("word_stem without libstemmer.so.0d")
    }
    let stemmer = try stemmer(of: language, library)
    guard let count = Int32(exactly: word.count), count > 0 else { return word }
    var length: Int32 = 0
    let stem = withUnsafePointer(to: library.functions) {
      apus_stemmer_stem($0, stemmer, word.baseAddress, count, &length)
    }
    guard let stem, length >= 0 else { return word }
    return UnsafeRawBufferPointer(start: stem, count: Int(length))
  }

  private func stemmer(of language: String, _ library: Library) throws(SQLError)
    -> UnsafeMutableRawPointer
  {
    if let stemmer = stemmers[language] { return stemmer }
    guard let algorithm = Stemmers.algorithms[language] else {
      throw invalidArgument("Unknown stemmer language: \(language)")
    }
    let stemmer = withUnsafePointer(to: library.functions) {
      apus_stemmer_create($0, algorithm)
    }
    guard let stemmer else { throw .notSupported("A stemmer for \(algorithm)") }
    stemmers[language] = stemmer
    return stemmer
  }
}
