/// Where the requests for a bucket go.
struct S3Endpoint: Hashable, Sendable {
  /// `http` or `https`.
  var scheme: String
  /// With the port, if it is not the scheme's.
  var host: String
  /// What precedes the bucket in the path, without a slash at its end.
  var basePath: String
  var region: String
  /// Whether the bucket is the first part of the path, and not of the host.
  var isPathStyle: Bool

  /// Reads an address as `https://storage.example:9000`.
  init(url: String, region: String, style: S3Configuration.AddressingStyle) throws(S3EndpointError)
  {
    guard let colon = url.firstRange(of: "://") else { throw S3EndpointError(url: url) }
    scheme = url[..<colon.lowerBound].lowercased()
    let rest = url[colon.upperBound...]
    host = String(rest.prefix { $0 != "/" })
    var path = rest.dropFirst(host.count)
    while path.last == "/" { path.removeLast() }
    basePath = String(path)
    let isPlain = host.unicodeScalars.allSatisfy {
      $0.isASCII && $0.value > 0x20 && !"@?#%\\".unicodeScalars.contains($0)
    }
    guard ["http", "https"].contains(scheme), !host.isEmpty, isPlain,
      !path.contains(where: { "?# ".contains($0) })
    else { throw S3EndpointError(url: url) }
    if host.hasSuffix(scheme == "https" ? ":443" : ":80"), let port = host.lastIndex(of: ":") {
      host = String(host[..<port])
    }
    self.region = region
    isPathStyle = style != .virtualHost
  }

  /// Amazon's own for a region.
  init(awsRegion region: String, style: S3Configuration.AddressingStyle) {
    scheme = "https"
    host = "s3.\(region).amazonaws.com" + (region.hasPrefix("cn-") ? ".cn" : "")
    basePath = ""
    self.region = region
    isPathStyle = style == .path
  }

  /// The host for a bucket, and what comes before the key in the path.
  func address(of bucket: String) -> (host: String, path: String) {
    // A dot in the bucket's name fits no certificate for `*.s3.amazonaws.com`.
    if isPathStyle || (scheme == "https" && bucket.contains(".")) {
      return (host, basePath + "/" + PercentEncoding.encode(bucket))
    }
    return (bucket + "." + host, basePath)
  }

  var description: String { "\(scheme)://\(host)\(basePath)" }
}

/// An address that is none.
struct S3EndpointError: Error {
  var url: String
}
