import ApusValues
import ApusVectors

extension WindowSegment {
  /// Computes a function of each row's place in its partition.
  ///
  /// - Throws: INVALID_FUNCTION_ARGUMENT for `ntile` of less than 1.
  func evaluate(
    _ ranking: WindowSpecification.Ranking,
    _ function: WindowSpecification.Function
  ) throws(SQLError) -> ColumnVector {
    let builder = VectorBuilder(type: function.type, capacity: range.count)
    switch ranking {
    case .rowNumber: fillNumbers(builder.values(as: Int64.self))
    case .rank, .denseRank:
      fillRanks(isDense: ranking == .denseRank, builder.values(as: Int64.self))
    case .percentRank, .cumulativeDistribution:
      fillShares(ranking, builder.values(as: Double.self))
    case .ntile:
      try fillTiles(bigints(function.arguments[0]), builder)
    }
    return builder.finish(count: range.count)
  }

  private func fillNumbers(_ output: UnsafeMutablePointer<Int64>) {
    let first = range.lowerBound
    forEachPartition { partition, rows in
      for row in rows { output[row - first] = Int64(row - partition.lowerBound + 1) }
    }
  }

  private func fillRanks(isDense: Bool, _ output: UnsafeMutablePointer<Int64>) {
    let first = range.lowerBound
    forEachPeerGroup { partition, peers, _, ordinal in
      let before = isDense ? ordinal : peers.lowerBound - partition.lowerBound
      for row in peers.clamped(to: range) { output[row - first] = Int64(before + 1) }
    }
  }

  private func fillShares(
    _ ranking: WindowSpecification.Ranking,
    _ output: UnsafeMutablePointer<Double>
  ) {
    let first = range.lowerBound
    forEachPeerGroup { partition, peers, _, _ in
      let share: Double
      if ranking == .percentRank {
        let before = Double(peers.lowerBound - partition.lowerBound)
        share = partition.count == 1 ? 0 : before / Double(partition.count - 1)
      } else {
        share = Double(peers.upperBound - partition.lowerBound) / Double(partition.count)
      }
      for row in peers.clamped(to: range) { output[row - first] = share }
    }
  }

  private func fillTiles(_ tileCounts: BigintColumn, _ builder: VectorBuilder) throws(SQLError) {
    let output = builder.values(as: Int64.self)
    let first = range.lowerBound
    try forEachPartition { (partition, rows) throws(SQLError) in
      for row in rows {
        guard let tileCount = tileCounts[row] else {
          builder.setNull(row - first)
          continue
        }
        guard tileCount > 0 else {
          throw SQLError(.invalidFunctionArgument, "Buckets must be greater than 0")
        }
        let place = row - partition.lowerBound
        let size = partition.count / tileCount
        let larger = partition.count % tileCount
        // The first `larger` tiles have one row more.
        let tile =
          place < larger * (size + 1)
          ? place / (size + 1) : larger + (place - larger * (size + 1)) / max(size, 1)
        output[row - first] = Int64(tile + 1)
      }
    }
  }
}
