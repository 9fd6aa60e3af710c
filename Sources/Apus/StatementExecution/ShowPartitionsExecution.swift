import ApusCatalog
import ApusSyntax
import ApusValues
import ApusVectors

extension StatementExecution {
  /// Runs SHOW PARTITIONS: `year=2013/month=1`, in the order of the values.
  ///
  /// - Parameter partition: values that the partitions must have; nil for all partitions.
  func showPartitions(of name: QualifiedName, with partition: PartitionSpecification?)
    throws(SQLError) -> QueryResult
  {
    let table = try declaredTable(name)
    let fields = try partitionFields(of: table, at: name)
    let partitions = try engine.catalog.partitions(ofTable: table.id)
    var rows: [(values: [Value], text: String)] = []
    let wanted = try partition.map { node throws(SQLError) in
      try knownPartitionValues(node, of: fields)
    }
    for partition in partitions
    where wanted?.allSatisfy({ partition.values[$0.key] == $0.value }) ?? true {
      rows.append(
        (
          try catalog.values(partition.values, of: fields),
          partitionName(partition.values, of: fields)
        )
      )
    }
    rows.sort { left, right in
      for (a, b) in zip(left.values, right.values) {
        let order = Value.compare(a, b)
        if order != 0 { return order < 0 }
      }
      return false
    }
    return try answer(.showPartitions, ["partition": .text], rows: rows.map { [.text($0.text)] })
  }
}
