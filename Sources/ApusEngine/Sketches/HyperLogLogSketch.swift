import ApusValues

/// An estimate of how many different values were added, as the type `HyperLogLog` keeps it.
///
/// Of each hash the first p bits choose a register, and the register keeps the longest run of zeros
/// seen behind them, plus one (Flajolet et al., AofA 2007). A sketch of few values keeps 26 bits and
/// the run of zeros behind them of each hash instead, and then counts nearly exactly (Heule, Nunkesser
/// and Hall, "HyperLogLog in Practice", EDBT 2013).
struct HyperLogLogSketch: Sketch, Equatable {
  enum Registers: Equatable, Sendable {
    /// Entries `prefix << 6 | zeros`, ascending, of different prefixes: of a hash its first 26 bits,
    /// and the number of zeros behind them.
    case sparse([UInt32])
    /// 2^p numbers.
    case dense([UInt8])
  }

  /// The logarithm of the number of registers: 1...16.
  let indexBits: Int
  var registers = Registers.sparse([])

  /// Of `approx_set`: 4096 registers, for a standard error of 1.625%.
  static let standardIndexBits = 12
  static let prefixBits = 26
  private static let zeroBits = 6

  init(indexBits: Int = standardIndexBits) { self.indexBits = indexBits }

  private var registerCount: Int { 1 << indexBits }

  /// Adds a value by its hash: the first 64 bits of the 128 of MurmurHash3.
  mutating func add(_ hash: UInt64) {
    switch registers {
    case .sparse(var entries):
      // Let go of the array, so that it is changed in place.
      registers = .dense([])
      HyperLogLogSketch.insert(HyperLogLogSketch.entry(hash), into: &entries)
      registers = .sparse(entries)
      makeDenseIfLarge()
    case .dense(var ranks):
      registers = .dense([])
      let index = Int(truncatingIfNeeded: hash >> UInt64(64 - indexBits))
      ranks[index] = max(ranks[index], UInt8(HyperLogLogSketch.zeros(hash, behind: indexBits) + 1))
      registers = .dense(ranks)
    }
  }

  private static func zeros(_ hash: UInt64, behind bits: Int) -> Int {
    // The bit that is put in ends the run of zeros where the hash does.
    (hash << UInt64(bits) | 1 << UInt64(bits - 1)).leadingZeroBitCount
  }

  private static func entry(_ hash: UInt64) -> UInt32 {
    let prefix = UInt32(truncatingIfNeeded: hash >> UInt64(64 - prefixBits))
    return prefix << UInt32(zeroBits) | UInt32(zeros(hash, behind: prefixBits))
  }

  private static func insert(_ entry: UInt32, into entries: inout [UInt32]) {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle] >> UInt32(zeroBits) < entry >> UInt32(zeroBits) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    if low < entries.count, entries[low] >> UInt32(zeroBits) == entry >> UInt32(zeroBits) {
      entries[low] = max(entries[low], entry)
    } else {
      entries.insert(entry, at: low)
    }
  }

  /// Trino changes to registers when the entries take more memory, headers and spare room included.
  private func isTooLarge(_ count: Int) -> Bool {
    let capacity = 1 + (max(count, 1) + 8) / 10 * 10
    return 40 + 4 * capacity > 56 + registerCount / 2
  }

  private mutating func makeDenseIfLarge() {
    if case .sparse(let entries) = registers, isTooLarge(entries.count) {
      registers = .dense(dense(entries))
    }
  }

  private func dense(_ entries: [UInt32]) -> [UInt8] {
    var ranks = [UInt8](repeating: 0, count: registerCount)
    let between = HyperLogLogSketch.prefixBits - indexBits
    for entry in entries {
      let index = Int(entry >> UInt32(32 - indexBits))
      var zeros = (entry << UInt32(indexBits)).leadingZeroBitCount
      if zeros >= between { zeros = between + Int(entry & 0x3f) }
      ranks[index] = max(ranks[index], UInt8(zeros + 1))
    }
    return ranks
  }

  /// - Throws: INVALID_FUNCTION_ARGUMENT for another number of registers.
  mutating func merge(_ other: HyperLogLogSketch) throws(SQLError) {
    guard indexBits == other.indexBits else {
      throw invalidArgument(
        "Cannot merge HLLs with different number of buckets: \(registerCount) vs "
          + "\(other.registerCount)"
      )
    }
    switch (registers, other.registers) {
    case (.sparse(let entries), .sparse(let others)):
      registers = .sparse(HyperLogLogSketch.merge(entries, others))
      makeDenseIfLarge()
    case (.sparse(let entries), .dense(let others)):
      registers = .dense(HyperLogLogSketch.largest(dense(entries), others))
    case (.dense(let ranks), .sparse(let others)):
      registers = .dense(HyperLogLogSketch.largest(ranks, dense(others)))
    case (.dense(let ranks), .dense(let others)):
      registers = .dense(HyperLogLogSketch.largest(ranks, others))
    }
  }

  private static func largest(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    var result = left
    for (index, rank) in right.enumerated() { result[index] = max(result[index], rank) }
    return result
  }

  private static func merge(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    result.reserveCapacity(left.count + right.count)
    var rest = right[...]
    for entry in left {
      while let next = rest.first, next >> UInt32(zeroBits) < entry >> UInt32(zeroBits) {
        result.append(next)
        rest.removeFirst()
      }
      if let next = rest.first, next >> UInt32(zeroBits) == entry >> UInt32(zeroBits) {
        result.append(max(entry, next))
        rest.removeFirst()
      } else {
        result.append(entry)
      }
    }
    return result + rest
  }

  /// The estimated number of different values.
  ///
  /// As in Trino, by counting empty registers while there are many of them, and by the formula of the
  /// first paper where there are far more values than registers. In between Trino corrects that by
  /// tables of measured errors; here an estimator without such errors takes their place (Ertl, "New
  /// cardinality estimation algorithms for HyperLogLog sketches", arXiv:1702.01284, algorithm 6).
  var cardinality: Int64 {
    switch registers {
    case .sparse(let entries):
      let total = Double(1 << HyperLogLogSketch.prefixBits)
      return rounded(total * naturalLogarithm(total / (total - Double(entries.count))))
    case .dense(let ranks):
      let total = Double(registerCount)
      let empty = Double(ranks.count { $0 == 0 })
      if empty > 0.4 * total { return rounded(total * naturalLogarithm(total / empty)) }
      var sum = 0.0
      for rank in ranks { sum += HyperLogLogSketch.inversePower(Int(rank)) }
      let raw = alpha * total * total / sum
      return rounded(raw > 5 * total ? raw : unbiased(ranks))
    }
  }

  private var alpha: Double {
    switch indexBits {
    case 4: 0.673
    case 5: 0.697
    case 6: 0.709
    default: 0.7213 / (1 + 1.079 / Double(registerCount))
    }
  }

  /// 2 to the power of -exponent.
  private static func inversePower(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: -exponent, significand: 1)
  }

  private func rounded(_ estimate: Double) -> Int64 {
    Int64(exactly: (estimate + 0.5).rounded(.down)) ?? Int64.max
  }

  private func unbiased(_ ranks: [UInt8]) -> Double {
    let highest = 64 - indexBits + 1
    var counts = [Double](repeating: 0, count: highest + 1)
    for rank in ranks { counts[min(Int(rank), highest)] += 1 }
    let total = Double(registerCount)
    var sum = total * HyperLogLogSketch.tau(1 - counts[highest] / total)
    for rank in (1..<highest).reversed() { sum = 0.5 * (sum + counts[rank]) }
    sum += total * HyperLogLogSketch.sigma(counts[0] / total)
    return total * total / (2 * naturalLogarithm(2) * sum)
  }

  private static func sigma(_ value: Double) -> Double {
    if value == 1 { return .infinity }
    var power = value
    var factor = 1.0
    var sum = value
    var before = -1.0
    while sum != before {
      power *= power
      before = sum
      sum += power * factor
      factor += factor
    }
    return sum
  }

  private static func tau(_ value: Double) -> Double {
    if value == 0 || value == 1 { return 0 }
    var root = value
    var factor = 1.0
    var sum = 1 - value
    var before = -1.0
    while sum != before {
      root = root.squareRoot()
      before = sum
      factor *= 0.5
      sum -= (1 - root) * (1 - root) * factor
    }
    return sum / 3
  }

  var byteCount: Int {
    let content =
      switch registers {
      case .sparse(let entries): entries.capacity * 4
      case .dense(let ranks): ranks.capacity
      }
    return content + MemoryLayout<Self>.stride
  }
}
