import ApusPlanner
import ApusValues
import Testing

@testable import ApusEngine

@Suite struct FunctionLibraryTests {
  @Test func everyFunctionIsDescribed() {
    let library = FunctionLibrary.standard
    #expect(library.names.count > 120)
    for name in library.names {
      for signature in library.signatures(named: name) {
        #expect(signature.name == name)
        #expect(signature.summary.hasSuffix(".") || signature.summary.hasSuffix("…"), "\(name)")
      }
    }
  }

  @Test func noOverloadHidesAnother() {
    let library = FunctionLibrary.standard
    for name in library.names {
      let shapes = library.signatures(named: name).map(\.parameters)
      #expect(Set(shapes).count == shapes.count, "\(name)")
    }
  }
}
