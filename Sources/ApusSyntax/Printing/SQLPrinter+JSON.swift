extension SQLPrinter {
  mutating func print(_ node: JSONExistsExpression) {
    write("JSON_EXISTS")
    parenthesized { printer in
      printer.print(node.path)
      if let behavior = node.onError { printer.write(" \(behavior.rawValue) ON ERROR") }
    }
  }

  mutating func print(_ node: JSONValueExpression) {
    write("JSON_VALUE")
    parenthesized { printer in
      printer.print(node.path)
      if let type = node.type {
        printer.write(" RETURNING ")
        printer.print(type)
      }
      printer.print(node.onEmpty, "EMPTY")
      printer.print(node.onError, "ERROR")
    }
  }

  mutating func print(_ behavior: JSONValueBehavior?, _ event: String) {
    switch behavior {
    case nil: return
    case .error: write(" ERROR")
    case .null: write(" NULL")
    case .default(let value):
      write(" DEFAULT ")
      print(value)
    }
    write(" ON \(event)")
  }

  mutating func print(_ node: JSONQueryExpression) {
    write("JSON_QUERY")
    parenthesized { printer in
      printer.print(node.path)
      printer.print(node.output)
      if let wrapper = node.wrapper { printer.write(" \(wrapper.rawValue) ARRAY WRAPPER") }
      if let quotes = node.quotes { printer.write(" \(quotes.rawValue) QUOTES") }
      if let behavior = node.onEmpty { printer.write(" \(behavior.rawValue) ON EMPTY") }
      if let behavior = node.onError { printer.write(" \(behavior.rawValue) ON ERROR") }
    }
  }

  mutating func print(_ node: JSONObjectExpression) {
    write("JSON_OBJECT")
    parenthesized { printer in
      printer.list(node.members) { printer, member in
        printer.write("KEY ")
        printer.print(member.key)
        printer.write(" VALUE ")
        printer.print(member.value)
      }
      printer.print(nullHandling: node.isNullAbsent)
      if let isUnique = node.hasUniqueKeys {
        printer.write(isUnique ? " WITH UNIQUE KEYS" : " WITHOUT UNIQUE KEYS")
      }
      printer.print(node.output, isFirst: node.members.isEmpty)
    }
  }

  mutating func print(_ node: JSONArrayExpression) {
    write("JSON_ARRAY")
    parenthesized { printer in
      for (position, element) in node.elements.enumerated() {
        if position > 0 { printer.write(", ") }
        let value = printer.part { $0.print(element.value) }
        // At the beginning the word would belong to the clause.
        let needsParentheses = position == 0 && value.text.hasPrefix("returning")
        if needsParentheses { printer.write("(") }
        printer.write(value)
        if needsParentheses { printer.write(")") }
        printer.print(element.format)
      }
      printer.print(nullHandling: node.isNullAbsent)
      printer.print(node.output, isFirst: node.elements.isEmpty)
    }
  }

  private mutating func print(nullHandling isAbsent: Bool?) {
    guard let isAbsent else { return }
    write(isAbsent ? " ABSENT ON NULL" : " NULL ON NULL")
  }

  mutating func print(_ path: JSONPathInvocation, name: Identifier? = nil) {
    print(path.document)
    write(", ")
    print(path.path)
    if let name {
      write(" AS ")
      print(name)
    }
    guard !path.arguments.isEmpty else { return }
    write(" PASSING ")
    list(path.arguments) { printer, argument in
      printer.print(argument.value)
      printer.write(" AS ")
      printer.print(argument.name)
    }
  }

  private mutating func print(_ input: JSONInput) {
    print(input.value)
    print(input.format)
  }

  private mutating func print(_ output: JSONOutput?, isFirst: Bool = false) {
    guard let output else { return }
    write(isFirst ? "RETURNING " : " RETURNING ")
    print(output.type)
    print(output.format)
  }

  mutating func print(_ format: JSONFormat?) {
    guard let format else { return }
    write(" FORMAT \(format.rawValue)")
  }
}
