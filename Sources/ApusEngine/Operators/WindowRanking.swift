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
    let builder = VectorBuilder(type: function.type, capacity: rowCount)
    switch ranking {
    case .rowNumber, .rank, .denseRank:
      fillRanks(ranking, builder.values(as: Int64.self))
    case .percentRank, .cumulativeDistribution:
      fillShares(ranking, builder.values(as: Double.self))
    case .ntile:
      try fillTiles(integers(function.arguments[0]), builder)
    }
    return builder.finish(count: rowCount)
  }

  private func fillRanks(
    _ ranking: WindowSpecification.Ranking,
    _ output: UnsafeMutablePointer<Int64>
  ) {
    forEachPeerGroup { partition, peers, ordinal in
      for row in peers {
        let rank =
          switch ranking {
          case .rowNumber: row - partition.lowerBound
          case .denseRank: ordinal
          default: peers.lowerBound - partition.lowerBound
          }
        output[row] = Int64(rank + 1)
      }
    }
  }

  private func fillShares(
    _ ranking: WindowSpecification.Ranking,
    _ output: UnsafeMutablePointer<Double>
  ) {
    forEachPeerGroup { partition, peers, _ in
      let share: Double
      if ranking == .percentRank {
        let before = Double(peers.lowerBound - partition.lowerBound)
        share = partition.count == 1 ? 0 : before / Double(partition.count - 1)
      } else {
        share = Double(peers.upperBound - partition.lowerBound) / Double(partition.count)
      }
      for row in peers { output[row] = share }
    }
  }

  private func fillTiles(_ tileCounts: [Int?], _ builder: VectorBuilder) throws(SQLError) {
    let output = builder.values(as: Int64.self)
    for partition in partitions {
      for row in partition {
        guard let tileCount = tileCounts[row] else {
          builder.setNull(row)
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
        output[row] = Int64(tile + 1)
      }
    }
  }

  /// Calls `body` with each partition's groups of peers and their numbers in it.
  private func forEachPeerGroup(_ body: (Range<Int>, Range<Int>, Int) -> Void) {
    var group = 0
    for partition in partitions {
      var ordinal = 0
      while peerStarts[group] < partition.upperBound {
        body(partition, peerStarts[group]..<peerStarts[group + 1], ordinal)
        group += 1
        ordinal += 1
      }
    }
  }
}
