extension SQLPrinter {
  mutating func print(_ call: FunctionCall) {
    if let mode = call.processingMode { write("\(mode.rawValue) ") }
    if !printSpecial(call) { printPlain(call) }
    if let filter = call.filter {
      write(" FILTER (WHERE ")
      print(filter)
      write(")")
    }
    if let treatment = call.nullTreatment { write(" \(treatment.rawValue) NULLS") }
    if let over = call.over {
      write(" OVER ")
      print(over)
    }
  }

  private mutating func printPlain(_ call: FunctionCall) {
    if call.name.parts.count == 1 {
      print(call.name.parts[0], except: Parser.notFunctions)
    } else {
      print(call.name)
    }
    parenthesized { printer in
      if call.isStar {
        if let label = call.starLabel {
          printer.print(label, except: Parser.notInExpressions)
          printer.write(".")
        }
        return printer.write("*")
      }
      if let quantifier = call.quantifier { printer.write("\(quantifier.rawValue) ") }
      printer.list(call.arguments) { $0.print($1) }
      if !call.orderBy.isEmpty, !call.arguments.isEmpty { printer.write(" ") }
      printer.printOrderBy(call.orderBy)
    }
  }

  /// Writes a call whose function has a reserved name and words inside; false for all others.
  private mutating func printSpecial(_ call: FunctionCall) -> Bool {
    guard call.processingMode == nil, call.name.parts.count == 1, let name = call.name.last,
      !name.isQuoted, !call.isStar
    else { return false }
    switch (name.value, call.arguments.count) {
    case ("trim", 1):
      write("trim")
      parenthesized { $0.printValue(call.arguments[0]) }
      return true
    case ("trim", 2), ("ltrim", 2), ("rtrim", 2), ("strpos", 2):
      return printTurned(call, name.value)
    case ("normalize", 2):
      return printNormalize(call)
    case ("overlay", 3), ("overlay", 4):
      printOverlay(call.arguments)
      return true
    case ("listagg", 5):
      return printListagg(call)
    default:
      return false
    }
  }

  /// Writes a call whose arguments the words inside turn around, where the parameters in them
  /// want that; `trim` is written here in any case, because its name is reserved.
  private mutating func printTurned(_ call: FunctionCall, _ name: String) -> Bool {
    guard call.quantifier == nil, call.orderBy.isEmpty else { return false }
    // Each argument is written once: twice would take forever where such calls are nested.
    let first = part { $0.print(call.arguments[0]) }
    let second = part { $0.print(call.arguments[1]) }
    let isTurned = !first.isInOrder(before: second)
    guard isTurned || name == "trim" else {
      write("\(name)(")
      write(first)
      write(", ")
      write(second)
      write(")")
      return true
    }
    let (word, separator) =
      switch name {
      case "strpos": ("position(", " IN ")
      case "ltrim": ("trim(LEADING ", " FROM ")
      case "rtrim": ("trim(TRAILING ", " FROM ")
      default: ("trim(", isTurned ? " FROM " : ", ")
      }
    let isFirstLoose = call.arguments[0].isLooserThanValue
    let isSecondLoose = call.arguments[1].isLooserThanValue
    write(word)
    write(isTurned ? second : first, inParentheses: isTurned ? isSecondLoose : isFirstLoose)
    write(separator)
    write(isTurned ? first : second, inParentheses: isTurned ? isFirstLoose : isSecondLoose)
    write(")")
    return true
  }

  private mutating func write(_ part: SQLPrinter, inParentheses: Bool) {
    guard inParentheses else { return write(part) }
    parenthesized { $0.write(part) }
  }

  private mutating func printNormalize(_ call: FunctionCall) -> Bool {
    guard case .string(let form) = call.arguments[1],
      ["NFC", "NFD", "NFKC", "NFKD"].contains(form.value)
    else { return false }
    write("normalize(")
    printValue(call.arguments[0])
    write(", \(form.value))")
    return true
  }

  private mutating func printOverlay(_ arguments: [Expression]) {
    for (word, argument) in zip(["overlay(", " PLACING ", " FROM ", " FOR "], arguments) {
      write(word)
      printValue(argument)
    }
    write(")")
  }

  private mutating func printListagg(_ call: FunctionCall) -> Bool {
    guard case .string(let separator) = call.arguments[1],
      case .boolean(let isError) = call.arguments[2],
      case .string(let filler) = call.arguments[3],
      case .boolean(let countsRest) = call.arguments[4]
    else { return false }
    write("listagg(")
    if let quantifier = call.quantifier { write("\(quantifier.rawValue) ") }
    print(call.arguments[0])
    write(", ")
    print(separator)
    if !isError.value {
      write(" ON OVERFLOW TRUNCATE ")
      print(filler)
      write(countsRest.value ? " WITH COUNT" : " WITHOUT COUNT")
    }
    write(") WITHIN GROUP (")
    printOrderBy(call.orderBy)
    write(")")
    return true
  }

  mutating func printOrderBy(_ items: [SortItem]) {
    guard !items.isEmpty else { return }
    write("ORDER BY ")
    list(items) { printer, item in
      printer.print(item.key)
      if item.isDescending { printer.write(" DESC") }
      if let nulls = item.nulls { printer.write(" NULLS \(nulls.rawValue)") }
    }
  }

  mutating func print(_ window: Window) {
    switch window {
    case .name(let name): print(name)
    case .specification(let specification): print(specification)
    }
  }

  mutating func print(_ window: WindowSpecification) {
    var parts: [SQLPrinter] = []
    if let name = window.existingName {
      parts.append(part { $0.print(name, except: Parser.notExistingWindows) })
    }
    if !window.partitionBy.isEmpty {
      parts.append(
        part { printer in
          printer.write("PARTITION BY ")
          printer.list(window.partitionBy) { $0.print($1) }
        }
      )
    }
    if !window.orderBy.isEmpty { parts.append(part { $0.printOrderBy(window.orderBy) }) }
    if let frame = window.frame { parts.append(part { $0.print(frame) }) }
    parenthesized { printer in
      for (position, part) in parts.enumerated() {
        if position > 0 { printer.write(" ") }
        printer.write(part)
      }
    }
  }

  private mutating func print(_ frame: WindowFrame) {
    if let measures = frame.pattern?.measures, !measures.isEmpty {
      printMeasures(measures)
      write(" ")
    }
    write(frame.unit.rawValue)
    write(frame.end == nil ? " " : " BETWEEN ")
    print(frame.start)
    if let end = frame.end {
      write(" AND ")
      print(end)
    }
    if let pattern = frame.pattern { printAfterBounds(pattern) }
  }

  private mutating func print(_ bound: FrameBound) {
    switch bound.kind {
    case .unboundedPreceding: write("UNBOUNDED PRECEDING")
    case .preceding(let offset):
      printValue(offset)
      write(" PRECEDING")
    case .currentRow: write("CURRENT ROW")
    case .following(let offset):
      printValue(offset)
      write(" FOLLOWING")
    case .unboundedFollowing: write("UNBOUNDED FOLLOWING")
    }
  }
}
