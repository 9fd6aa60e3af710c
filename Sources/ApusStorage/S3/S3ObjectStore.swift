import Synchronization

/// The buckets of one endpoint.
///
/// Directories are what keys share up to a slash. Markers that other programs leave for empty ones,
/// `a/` and `a_$folder$`, are not listed.
struct S3ObjectStore: ObjectStore {
  let client: S3Client
  var activities: [StorageActivity] = []

  func counting(in activity: StorageActivity) -> any ObjectStore {
    var store = self
    store.activities.append(activity)
    return store
  }

  // MARK: - Looking

  func entry(at path: ObjectPath) throws(StorageError) -> ObjectEntry.Kind? {
    let location = try S3Location(path)
    if !location.key.isEmpty, !location.key.hasSuffix("/"),
      try head(path, location, explaining: false) != nil
    {
      return .object
    }
    // The answer for a bucket that is there and empty has no keys either.
    let page = try list(path, location.bucket, prefix: location.directoryKey, limit: 1)
    return page.objects.isEmpty && !location.key.isEmpty ? nil : .directory
  }

  func list(_ directory: ObjectPath) throws(StorageError) -> [ObjectEntry] {
    let location = try S3Location(directory)
    let prefix = location.directoryKey
    var entries: [ObjectEntry] = []
    try forEachPage(directory, location.bucket, prefix: prefix, delimiter: "/") { page in
      for object in page.objects where !S3ObjectStore.isMarker(object) {
        let name = String(object.key.dropPrefix(prefix))
        let info = ObjectInfo(
          path: directory.appending(name),
          size: object.size,
          tag: object.tag,
          modifiedMilliseconds: object.modifiedMilliseconds
        )
        entries.append(ObjectEntry(name: name, kind: .object, info: info))
      }
      for found in page.prefixes {
        let name = found.dropPrefix(prefix).dropLast()
        // `a//b` has a directory without a name, which no path leads to.
        if !name.isEmpty { entries.append(ObjectEntry(name: String(name), kind: .directory)) }
      }
    }
    entries.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    return entries
  }

  func listAll(below directory: ObjectPath) throws(StorageError) -> [ObjectInfo] {
    let location = try S3Location(directory)
    let prefix = location.directoryKey
    let root = location.key.isEmpty ? directory.asDirectory : directory.root
    var found: [ObjectInfo] = []
    try forEachPage(directory, location.bucket, prefix: prefix, delimiter: nil) { page in
      for object in page.objects where !S3ObjectStore.isMarker(object) {
        let names = object.key.dropPrefix(prefix).split(separator: "/")
        if names.contains(where: { ObjectEntry.isHidden($0) }) { continue }
        let path = ObjectPath(root.text + object.key)
        found.append(
          ObjectInfo(
            path: path,
            size: object.size,
            tag: object.tag,
            modifiedMilliseconds: object.modifiedMilliseconds
          )
        )
      }
    }
    return found
  }

  func open(_ path: ObjectPath, expecting expected: ObjectInfo?) throws(StorageError)
    -> any ObjectReader
  {
    let location = try S3Location(path)
    if let expected { return S3ObjectReader(expected, location, self) }
    guard !location.key.isEmpty, !location.key.hasSuffix("/") else {
      throw StorageError(.notFound, path)
    }
    guard let info = try head(path, location, explaining: true) else {
      throw StorageError(.notFound, path)
    }
    return S3ObjectReader(info, location, self)
  }

  /// A key that stands for a directory.
  private static func isMarker(_ object: S3Listing.Object) -> Bool {
    object.key.hasSuffix("/") || (object.size == 0 && object.key.hasSuffix("_$folder$"))
  }

  /// Asks for size and tag.
  ///
  /// - Parameter explaining: whether for a missing object it is found out what is missing; else
  ///   that is nil.
  func head(
    _ path: ObjectPath,
    _ location: S3Location,
    explaining: Bool
  ) throws(StorageError) -> ObjectInfo? {
    let request = S3Request(operation: .head, method: .head, path: path, location: location)
    do throws(S3Failure) {
      let head = try answer(request).head
      guard let size = head.contentLength, let tag = head.headers["etag"] else {
        throw .unanswered(.unexpected("the answer to HEAD has no size or tag"), tryCount: 1)
      }
      return ObjectInfo(
        path: path,
        size: size,
        tag: S3Listing.quoted(tag),
        modifiedMilliseconds: head.headers["last-modified"].flatMap { milliseconds(httpDate: $0) }
      )
    } catch {
      guard let response = error.response else { throw client.storageError(error, request) }
      if response.status == 404, !explaining { return nil }
      // HEAD has no body that says why: GET has.
      var explained = request
      explained.operation = .get
      explained.method = .get
      explained.headers = [HTTPRequest.Header(name: "Range", value: "bytes=0-0")]
      do throws(S3Failure) {
        _ = try answer(explained)
      } catch let explanation {
        throw client.storageError(explanation, request)
      }
      throw client.storageError(error, request)
    }
  }

  private func list(
    _ path: ObjectPath,
    _ bucket: String,
    prefix: String,
    delimiter: String? = nil,
    limit: Int? = nil,
    continuation: String? = nil
  ) throws(StorageError) -> S3Listing {
    var request = S3Request(
      operation: .list,
      method: .get,
      path: path,
      location: S3Location(bucket: bucket, key: ""),
      query: [("list-type", "2"), ("encoding-type", "url"), ("prefix", prefix)]
    )
    request.answerRoot = "ListBucketResult"
    if let delimiter { request.query.append(("delimiter", delimiter)) }
    if let limit { request.query.append(("max-keys", "\(limit)")) }
    if let continuation { request.query.append(("continuation-token", continuation)) }
    let body = try perform(request).body
    guard let page = S3Listing(body) else {
      throw StorageError(
        .unavailable("\(client.endpoint.description) gave a listing that is none"),
        path
      )
    }
    return page
  }

  private func forEachPage(
    _ path: ObjectPath,
    _ bucket: String,
    prefix: String,
    delimiter: String?,
    _ body: (S3Listing) -> Void
  ) throws(StorageError) {
    var continuation: String?
    repeat {
      let page = try list(
        path,
        bucket,
        prefix: prefix,
        delimiter: delimiter,
        continuation: continuation
      )
      body(page)
      continuation = page.continuation
    } while continuation != nil
  }

  // MARK: - Changing

  func put(
    _ path: ObjectPath,
    _ bytes: UnsafeRawBufferPointer,
    replacing: Bool
  ) throws(StorageError) -> ObjectInfo {
    let location = try S3Location(path)
    var request = S3Request(operation: .put, method: .put, path: path, location: location)
    request.body = HTTPBody(bytes)
    request.sendsObject = true
    // A mark by which an own write is known whose answer was lost.
    let mark = "\(UInt64.random(in: 0 ... .max))"
    if !replacing {
      request.headers = [
        HTTPRequest.Header(name: "If-None-Match", value: "*"),
        HTTPRequest.Header(name: "X-Amz-Meta-Apus-Writer", value: mark),
      ]
    }
    let exchange = S3Exchange(request, on: client, countedIn: activities)
    do throws(S3Failure) {
      let response = try answer(exchange)
      if let tag = response.head.headers["etag"], !tag.isEmpty {
        return ObjectInfo(path: path, size: bytes.count, tag: S3Listing.quoted(tag))
      }
    } catch {
      guard error.response?.status == 412 else { throw client.storageError(error, request) }
      guard exchange.wasRepeated, try hasMark(mark, path, location) else {
        throw StorageError(.alreadyExists, path)
      }
    }
    guard let info = try head(path, location, explaining: true) else {
      throw StorageError(.notFound, path)
    }
    return info
  }

  private func hasMark(
    _ mark: String,
    _ path: ObjectPath,
    _ location: S3Location
  ) throws(StorageError) -> Bool {
    let request = S3Request(operation: .head, method: .head, path: path, location: location)
    return try perform(request).head.headers["x-amz-meta-apus-writer"] == mark
  }

  func upload(to path: ObjectPath) throws(StorageError) -> any ObjectUpload {
    try MultipartUpload(path, self)
  }

  func complete(_ prepared: PreparedObject) throws(StorageError) {
    let location = try S3Location(prepared.path)
    let parts = try MultipartToken(prepared)
    var request = S3Request(
      operation: .put,
      method: .post,
      path: prepared.path,
      location: location,
      query: [("uploadId", parts.uploadID)]
    )
    request.body = HTTPBody(parts.completionDocument)
    request.answerRoot = "CompleteMultipartUploadResult"
    do throws(S3Failure) {
      _ = try answer(request)
    } catch {
      // Completed before, by whoever it was, or just now with the answer lost: then it is there.
      if try head(prepared.path, location, explaining: false)?.size == prepared.size { return }
      // Ceph answers 500 for an upload that was discarded.
      if error.response != nil, try !isOpen(parts, prepared.path, location) {
        throw StorageError(.notFound, prepared.path)
      }
      throw client.storageError(error, request)
    }
  }

  /// Begins an upload in parts.
  ///
  /// - Returns: its number.
  func beginUpload(to path: ObjectPath, _ location: S3Location) throws(StorageError) -> String {
    var request = S3Request(
      operation: .put,
      method: .post,
      path: path,
      location: location,
      query: [("uploads", "")]
    )
    request.answerRoot = "InitiateMultipartUploadResult"
    let exchange = S3Exchange(request, on: client, countedIn: activities)
    let response: HTTPResponse
    do throws(S3Failure) {
      response = try answer(exchange)
    } catch {
      throw client.storageError(error, request)
    }
    guard let answer = XMLElement.parse(response.body),
      answer.name == "InitiateMultipartUploadResult",
      let number = answer["UploadId"]?.text, !number.isEmpty
    else {
      throw StorageError(
        .unavailable("\(client.endpoint.description) gave an upload no number"),
        path
      )
    }
    if exchange.wasRepeated { try discardUploads(to: path, location, except: number) }
    return number
  }

  /// Throws away what tries whose answers were lost have begun; nobody else writes to that key.
  private func discardUploads(
    to path: ObjectPath,
    _ location: S3Location,
    except number: String
  ) throws(StorageError) {
    let request = S3Request(
      operation: .list,
      method: .get,
      path: path,
      location: S3Location(bucket: location.bucket, key: ""),
      query: [("uploads", ""), ("prefix", location.key)]
    )
    guard let root = XMLElement.parse(try perform(request).body) else { return }
    for upload in root.all("Upload") where upload["Key"]?.text == location.key {
      guard let other = upload["UploadId"]?.text, other != number else { continue }
      try ignoringMissing(
        S3Request(
          operation: .delete,
          method: .delete,
          path: path,
          location: location,
          query: [("uploadId", other)]
        )
      )
    }
  }

  /// Whether the parts of an upload are still kept.
  private func isOpen(
    _ parts: MultipartToken,
    _ path: ObjectPath,
    _ location: S3Location
  ) throws(StorageError) -> Bool {
    let request = S3Request(
      operation: .get,
      method: .get,
      path: path,
      location: location,
      query: [("max-parts", "1"), ("uploadId", parts.uploadID)]
    )
    do throws(S3Failure) {
      _ = try answer(request)
      return true
    } catch {
      if error.response?.code == "NoSuchUpload" { return false }
      throw client.storageError(error, request)
    }
  }

  func discard(_ prepared: PreparedObject) throws(StorageError) {
    let location = try S3Location(prepared.path)
    let parts = try MultipartToken(prepared)
    // Parts on their way would outlive the upload.
    client.uploads.withLock { $0[parts.uploadID] }?()
    let request = S3Request(
      operation: .delete,
      method: .delete,
      path: prepared.path,
      location: location,
      query: [("uploadId", parts.uploadID)]
    )
    try ignoringMissing(request)
  }

  func remove(_ path: ObjectPath) throws(StorageError) {
    let location = try S3Location(path)
    guard !location.key.isEmpty else {
      throw StorageError(.misconfigured("buckets are not removed"), path)
    }
    try ignoringMissing(
      S3Request(operation: .delete, method: .delete, path: path, location: location)
    )
  }

  private func ignoringMissing(_ request: S3Request) throws(StorageError) {
    do throws(S3Failure) {
      _ = try answer(request)
    } catch {
      if let response = error.response, response.status == 404, response.code != "NoSuchBucket" {
        return
      }
      throw client.storageError(error, request)
    }
  }

  // MARK: - Asking

  func perform(_ request: S3Request) throws(StorageError) -> HTTPResponse {
    do throws(S3Failure) {
      return try answer(request)
    } catch {
      throw client.storageError(error, request)
    }
  }

  private func answer(_ request: S3Request) throws(S3Failure) -> HTTPResponse {
    try answer(S3Exchange(request, on: client, countedIn: activities))
  }

  private func answer(_ exchange: S3Exchange) throws(S3Failure) -> HTTPResponse {
    exchange.begin()
    S3Exchange.settle([exchange], on: client, unless: Completion())
    return try exchange.outcome.get()
  }
}

extension String {
  /// What follows `prefix`, byte for byte, which the text starts with.
  fileprivate func dropPrefix(_ prefix: String) -> Substring {
    self[utf8.index(startIndex, offsetBy: Swift.min(prefix.utf8.count, utf8.count))...]
  }
}
