// Databases, tables and what is written into them.
extension SQLPrinter {
  mutating func print(_ node: CreateDatabaseStatement) {
    isHive = true
    defer { isHive = false }
    write(node.ifNotExists ? "CREATE DATABASE IF NOT EXISTS " : "CREATE DATABASE ")
    print(node.name)
    print(" COMMENT ", node.comment)
    print(" LOCATION ", node.location)
    print(" WITH DBPROPERTIES ", node.properties)
  }

  mutating func print(_ node: CreateTableStatement) {
    isHive = true
    defer { isHive = false }
    write(node.isExternal ? "CREATE EXTERNAL TABLE " : "CREATE TABLE ")
    if node.ifNotExists { write("IF NOT EXISTS ") }
    print(node.name)
    if !node.columns.isEmpty {
      write(" ")
      print(node.columns)
    }
    print(" COMMENT ", node.comment)
    if !node.partitionedBy.isEmpty {
      write(" PARTITIONED BY ")
      parenthesized { $0.list(node.partitionedBy) { $0.print($1) } }
    }
    if let buckets = node.buckets { print(buckets) }
    var serdeProperties = node.serdeProperties
    switch node.rowFormat {
    case nil: break
    case .delimited(let format): print(format)
    case .serde(let name):
      print(" ROW FORMAT SERDE ", name)
      print(" WITH SERDEPROPERTIES ", serdeProperties)
      serdeProperties = []
    }
    switch node.storedAs {
    case nil: break
    case .format(let name):
      write(" STORED AS ")
      print(name, except: Parser.notFormats)
    case .classes(let input, let output):
      print(" STORED AS INPUTFORMAT ", input)
      print(" OUTPUTFORMAT ", output)
    }
    print(" WITH SERDEPROPERTIES ", serdeProperties)
    print(" LOCATION ", node.location)
    print(" TBLPROPERTIES ", node.properties)
  }

  mutating func print(_ node: CreateTableAsStatement) {
    write(node.ifNotExists ? "CREATE TABLE IF NOT EXISTS " : "CREATE TABLE ")
    print(node.name)
    if !node.columnAliases.isEmpty {
      write(" ")
      identifiers(node.columnAliases)
    }
    isHive = true
    print(" COMMENT ", node.comment)
    isHive = false
    print(node.properties)
    write(" AS ")
    print(node.query)
    if !node.withData { write(" WITH NO DATA") }
  }

  mutating func print(_ node: CreateTableLikeStatement) {
    write(node.isExternal ? "CREATE EXTERNAL TABLE " : "CREATE TABLE ")
    if node.ifNotExists { write("IF NOT EXISTS ") }
    print(node.name)
    write(" ")
    isHive = true
    switch node.model {
    case .table(let name, let location, let properties):
      write("LIKE ")
      print(name)
      print(" LOCATION ", location)
      print(" TBLPROPERTIES ", properties)
      isHive = false
    case .elements(let elements, let comment, let properties):
      parenthesized { printer in
        printer.list(elements) { printer, element in
          switch element {
          case .column(let column): printer.print(column)
          case .like(let like):
            printer.write("LIKE ")
            printer.print(like.table)
            if like.includesProperties { printer.write(" INCLUDING PROPERTIES") }
          }
        }
      }
      print(" COMMENT ", comment)
      isHive = false
      print(properties)
    }
  }

  /// Prints WITH (…), unless there are no properties.
  mutating func print(_ properties: [TableProperty]) {
    guard !properties.isEmpty else { return }
    write(" WITH ")
    parenthesized { printer in
      printer.list(properties) { printer, property in
        printer.print(property.name)
        printer.write(" = ")
        printer.print(property.value)
      }
    }
  }

  mutating func print(_ node: InsertStatement) {
    write("INSERT INTO ")
    print(node.table)
    write(" ")
    if !node.columns.isEmpty {
      identifiers(node.columns)
      write(" ")
    }
    print(node.query)
  }

  mutating func print(_ node: AlterTableStatement) {
    isHive = true
    defer { isHive = false }
    write("ALTER TABLE ")
    print(node.name)
    write(" ")
    switch node.alteration {
    case .addPartitions(let partitions, let ifNotExists):
      write(ifNotExists ? "ADD IF NOT EXISTS" : "ADD")
      for added in partitions {
        write(" ")
        print(added.partition)
        print(" LOCATION ", added.location)
      }
    case .dropPartitions(let partitions, let ifExists):
      write(ifExists ? "DROP IF EXISTS " : "DROP ")
      list(partitions) { $0.print($1) }
    case .renamePartition(let old, let new):
      print(old)
      write(" RENAME TO ")
      print(new)
    case .setLocation(let location, let partition):
      print(before: partition)
      print("SET LOCATION ", location)
    case .setProperties(let properties):
      print("SET TBLPROPERTIES ", properties)
    case .addColumns(let columns, let partition):
      print(before: partition)
      write("ADD COLUMNS ")
      print(columns)
    case .replaceColumns(let columns, let partition):
      print(before: partition)
      write("REPLACE COLUMNS ")
      print(columns)
    case .setSerdeProperties(let properties, let partition):
      print(before: partition)
      print("SET SERDEPROPERTIES ", properties)
    case .setFileFormat(let format, let partition):
      print(before: partition)
      write("SET FILEFORMAT ")
      print(format)
    case .changeColumn(let name, let column, let place):
      write("CHANGE COLUMN ")
      print(name)
      write(" ")
      print(column)
      switch place {
      case nil: break
      case .first: write(" FIRST")
      case .after(let name):
        write(" AFTER ")
        print(name)
      }
    case .dropColumn(let name):
      write("DROP COLUMN ")
      print(name)
    case .renameColumn(let name, let newName):
      write("RENAME COLUMN ")
      print(name)
      write(" TO ")
      print(newName)
    case .rename(let name):
      write("RENAME TO ")
      print(name)
    case .unsetProperties(let keys, let ifExists):
      write(ifExists ? "UNSET TBLPROPERTIES IF EXISTS " : "UNSET TBLPROPERTIES ")
      parenthesized { $0.list(keys) { $0.print($1) } }
    }
  }

  private mutating func print(before partition: PartitionSpecification?) {
    guard let partition else { return }
    print(partition)
    write(" ")
  }

  mutating func print(_ partition: PartitionSpecification) {
    write("PARTITION ")
    parenthesized { printer in
      printer.list(partition.values) { printer, value in
        printer.print(value.column)
        printer.print(" = ", value.value)
      }
    }
  }
}

// Clauses; what comes before one is written only if the clause is there.
extension SQLPrinter {
  mutating func print(_ before: String, _ text: StringLiteral?) {
    guard let text else { return }
    write(before)
    print(text)
  }

  mutating func print(_ before: String, _ properties: [TextProperty]) {
    guard !properties.isEmpty else { return }
    write(before)
    parenthesized { printer in
      printer.list(properties) { printer, property in
        printer.print(property.key)
        printer.print(" = ", property.value)
      }
    }
  }

  private mutating func print(_ columns: [ColumnDeclaration]) {
    parenthesized { $0.list(columns) { $0.print($1) } }
  }

  private mutating func print(_ column: ColumnDeclaration) {
    print(column.name)
    write(" ")
    print(column.type)
    print(" COMMENT ", column.comment)
  }

  private mutating func print(_ element: PartitionElement) {
    switch element {
    case .column(let column): print(column)
    case .transform(let transform):
      guard let function = transform.function else { return print(transform.column) }
      print(function)
      parenthesized { printer in
        if let width = transform.width { printer.write("\(width), ") }
        printer.print(transform.column)
      }
    }
  }

  private mutating func print(_ buckets: BucketClause) {
    write(" CLUSTERED BY ")
    identifiers(buckets.columns)
    if !buckets.sortedBy.isEmpty {
      write(" SORTED BY ")
      parenthesized { printer in
        printer.list(buckets.sortedBy) { printer, column in
          printer.print(column.name)
          if column.isDescending { printer.write(" DESC") }
        }
      }
    }
    write(" INTO \(buckets.count) BUCKETS")
  }

  private mutating func print(_ format: DelimitedFormat) {
    write(" ROW FORMAT DELIMITED")
    print(" FIELDS TERMINATED BY ", format.fieldsTerminatedBy)
    print(" ESCAPED BY ", format.escapedBy)
    print(" COLLECTION ITEMS TERMINATED BY ", format.collectionItemsTerminatedBy)
    print(" MAP KEYS TERMINATED BY ", format.mapKeysTerminatedBy)
    print(" LINES TERMINATED BY ", format.linesTerminatedBy)
    print(" NULL DEFINED AS ", format.nullDefinedAs)
  }
}
