/// Functions of JSON documents.
enum JSONFunctions {
  static let all: [any ScalarFunction.Type] = [
    JSONParse.self, JSONFormat.self, JSONExtract.self, JSONSize.self, JSONArrayLength.self,
    JSONArrayGet.self, JSONArrayContains.self, IsJSONScalar.self,
  ]
}
