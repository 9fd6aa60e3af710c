"""Puts TLS in front of a server, with a certificate that no authority has signed.

    python3 Tests/s3/tls.py http://127.0.0.1:7480 FOLDER

writes FOLDER/certificate.pem, prints its port, and runs until its standard input ends.
"""

import asyncio
import pathlib
import ssl
import subprocess
import sys
import urllib.parse


async def relay(reader, writer):
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def main(upstream, folder):
    address = urllib.parse.urlsplit(upstream)
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
        + ["-keyout", str(key), "-out", str(certificate)]
        + ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    async def serve(reader, writer):
        try:
            ends = await asyncio.open_connection(address.hostname, address.port)
        except ConnectionError:
            writer.close()
            return
        await asyncio.gather(relay(reader, ends[1]), relay(ends[0], writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], pathlib.Path(sys.argv[2])))
