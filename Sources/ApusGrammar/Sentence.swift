/// Is a token of a sentence, as the lexer would class it.
package struct SentenceToken: Hashable, Sendable {
  package var kind: Kind
  package var text: String

  package enum Kind: Hashable, Sendable {
    case keyword(String)
    case symbol(String)
    /// A token class by its name in Tokens.grammar; never one that is `of` another.
    case token(String)
  }

  package init(kind: Kind, text: String) {
    self.kind = kind
    self.text = text
  }
}

extension [SentenceToken] {
  /// The sentence as a text, with a blank between the tokens.
  package var text: String { map(\.text).joined(separator: " ") }
}

/// Gives the same bits for the same seed, on every machine (SplitMix64: Steele, Lea and Flood,
/// 2014, DOI 10.1145/2660193.2660195).
package struct RandomBits: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// At least 0, less than 1.
  package mutating func fraction() -> Double { Double(next() >> 11) / Double(1 << 53) }

  package mutating func isLikely(_ probability: Double) -> Bool { fraction() < probability }

  /// At least 0, less than `bound`, which must be positive.
  package mutating func below(_ bound: Int) -> Int {
    Int(next() % UInt64(Swift.max(bound, 1)))
  }

  package mutating func pick<Element>(_ elements: [Element]) -> Element? {
    elements.isEmpty ? nil : elements[below(elements.count)]
  }
}
