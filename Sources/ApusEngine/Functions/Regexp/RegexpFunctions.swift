/// Functions of regular expressions.
enum RegexpFunctions {
  static let all: [any ScalarFunction.Type] = [
    RegexpCount.self,
    RegexpExtract.self,
    RegexpExtractAll.self,
    RegexpLike.self,
    RegexpPosition.self,
    RegexpReplace.self,
    RegexpSplit.self,
  ]
}
