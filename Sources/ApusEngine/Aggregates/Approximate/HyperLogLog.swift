/// An estimate of how many different hashes were added, within 1.04/√m for m registers.
///
/// Flajolet, Fusy, Gandouet and Meunier, "HyperLogLog: the analysis of a near-optimal cardinality
/// estimation algorithm", AofA 2007. Until a sketch has seen a few dozen registers it keeps only
/// those, so that many small groups cost little.
struct HyperLogLog {
  /// The logarithm of the number of registers.
  let indexBits: Int
  /// (register, rank) packed as `register << 8 | rank`, one per register; empty once dense.
  private var sparse: [UInt32] = []
  private var registers: [UInt8] = []

  /// - Parameter indexBits: 4...16.
  init(indexBits: Int) { self.indexBits = indexBits }

  private static var sparseLimit: Int { 64 }

  mutating func add(_ hash: UInt64) {
    let register = Int(truncatingIfNeeded: hash >> UInt64(64 - indexBits))
    // The sentinel bit ends the run of zeros where the hash does.
    let rest = hash << UInt64(indexBits) | 1 << UInt64(indexBits - 1)
    set(register, UInt8(truncatingIfNeeded: rest.leadingZeroBitCount + 1))
  }

  private mutating func set(_ register: Int, _ rank: UInt8) {
    if !registers.isEmpty {
      if registers[register] < rank { registers[register] = rank }
      return
    }
    for index in sparse.indices where sparse[index] >> 8 == UInt32(register) {
      sparse[index] = max(sparse[index], UInt32(register) << 8 | UInt32(rank))
      return
    }
    if sparse.count < HyperLogLog.sparseLimit {
      sparse.append(UInt32(register) << 8 | UInt32(rank))
      return
    }
    registers = [UInt8](repeating: 0, count: 1 << indexBits)
    for entry in sparse { registers[Int(entry >> 8)] = UInt8(entry & 0xff) }
    sparse = []
    set(register, rank)
  }

  /// Adds what another sketch with as many registers has seen.
  mutating func merge(_ other: HyperLogLog) {
    if other.registers.isEmpty {
      for entry in other.sparse { set(Int(entry >> 8), UInt8(entry & 0xff)) }
    } else {
      for (register, rank) in other.registers.enumerated() where rank > 0 { set(register, rank) }
    }
  }

  /// The estimated number of different hashes.
  var estimate: Int64 {
    let count = Double(1 << indexBits)
    var sum = 0.0
    var zeros = 0.0
    if registers.isEmpty {
      zeros = count - Double(sparse.count)
      sum = zeros
      for entry in sparse { sum += 1 / Double(UInt64(1) << UInt64(entry & 0xff)) }
    } else {
      for rank in registers {
        sum += 1 / Double(UInt64(1) << UInt64(rank))
        if rank == 0 { zeros += 1 }
      }
    }
    let alpha =
      switch indexBits {
      case 4: 0.673
      case 5: 0.697
      case 6: 0.709
      default: 0.7213 / (1 + 1.079 / count)
      }
    let raw = alpha * count * count / sum
    // Few registers are set: the number of empty ones says more (linear counting).
    let value = raw <= 2.5 * count && zeros > 0 ? count * naturalLogarithm(count / zeros) : raw
    return Int64(value.rounded())
  }

  var byteCount: Int { sparse.capacity * 4 + registers.capacity + MemoryLayout<Self>.stride }
}
