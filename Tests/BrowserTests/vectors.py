"""The cryptography in plain JavaScript against published vectors, in the browser that runs it."""

import stage

SCRIPT = r'''async () => {
  const { expandKey, encryptBlock } = await import("/assets/open/aes.js");
  const { CounterMode } = await import("/assets/open/counter-mode.js");
  const { SHA1, HMACSHA1 } = await import("/assets/open/sha1.js");
  const { SHA256, HMACSHA256 } = await import("/assets/open/sha256.js");
  const { md5 } = await import("/assets/open/md5.js");
  const { CRC32 } = await import("/assets/open/crc32.js");
  const { firstRecords } = await import("/assets/open/csv.js");
  const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
  const hex = (data) => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const text = (string) => new TextEncoder().encode(string);
  const random = (count) => {
    const data = new Uint8Array(count);
    for (let at = 0; at < count; at += 65536) crypto.getRandomValues(data.subarray(at, at + 65536));
    return data;
  };
  const found = [];
  const same = (name, actual, expected) => { if (actual !== expected) found.push(`${name}: ${actual} and not ${expected}`); };
  const block = (key, plain, cipher, name) => same(name, hex(encryptBlock(expandKey(bytes(key)), bytes(plain))), cipher);

  // FIPS 197, appendix C.
  const plain = "00112233445566778899aabbccddeeff";
  block("000102030405060708090a0b0c0d0e0f", plain, "69c4e0d86a7b0430d8cdb78070b4c55a", "FIPS 197 C.1");
  block("000102030405060708090a0b0c0d0e0f1011121314151617", plain, "dda97ca4864cdfe06eaf70a0ec0d7191", "FIPS 197 C.2");
  block("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", plain, "8ea2b7ca516745bfeafc49904b496089", "FIPS 197 C.3");
  // SP 800-38A, F.1.1, F.1.3, F.1.5.
  const blocks = ["6bc1bee22e409f96e93d7e117393172a", "ae2d8a571e03ac9c9eb76fac45af8e51", "30c81c46a35ce411e5fbc1191a0a52ef", "f69f2445df4f9b17ad2b417be66c3710"];
  const keys = {
    "2b7e151628aed2a6abf7158809cf4f3c": ["3ad77bb40d7a3660a89ecaf32466ef97", "f5d3d58503b9699de785895a96fdbaaf", "43b1cd7f598ece23881b00e3ed030688", "7b0c785e27e8ad3f8223207104725dd4"],
    "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b": ["bd334f1d6e45f25ff712a214571fa5cc", "974104846d0ad3ad7734ecb3ecee4eef", "ef7afd2270e2e60adce0ba2face6444e", "9a4b41ba738d6c72fb16691603c18e0e"],
    "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4": ["f3eed1bdb5d2a03c064b5a7e3db181f8", "591ccb10d410ed26dc5ba74a31362870", "b6ed21b99ca6f4f9f153e7b1beafed1d", "23304b7a39f9f3ff067d8d8f9e24ecc7"],
  };
  for (const [key, ciphers] of Object.entries(keys)) ciphers.forEach((cipher, index) => block(key, blocks[index], cipher, `SP 800-38A ${index}`));

  // The counter mode: block n is encrypted under the counter n + 1, little-endian, in pieces as in one.
  for (const length of [16, 24, 32]) {
    const key = random(length);
    const data = random(300_001);
    const whole = data.slice();
    new CounterMode(key).apply(whole);
    const pieces = data.slice();
    const mode = new CounterMode(key);
    for (const [start, end] of [[0, 16], [16, 131_088], [131_088, 131_088], [131_088, 300_001]]) mode.apply(pieces.subarray(start, end));
    same(`counter mode ${length} in pieces`, hex(pieces) === hex(whole), true);
    const odd = new Uint8Array(data.length + 1);
    odd.set(data, 1);
    new CounterMode(key).apply(odd.subarray(1));
    same(`counter mode ${length} out of step`, hex(odd.subarray(1)) === hex(whole), true);
    for (const index of [0, 255, 256, 4095, 4096, 18_749]) {
      const counter = new Uint8Array(16);
      new DataView(counter.buffer).setUint32(0, index + 1, true);
      const expected = encryptBlock(expandKey(key), counter).map((byte, at) => byte ^ data[16 * index + at]);
      same(`counter ${index}`, hex(whole.subarray(16 * index, 16 * index + 16)), hex(expected));
    }
  }

  // FIPS 180-4 examples; RFC 2202; RFC 4231; RFC 1321.
  same("SHA-1", hex(new SHA1().update(text("abc")).finish()), "a9993e364706816aba3e25717850c26c9cd0d89d");
  same("SHA-1", hex(new SHA1().update(text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).finish()), "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  const million = new SHA1();
  for (let index = 0; index < 1000; index += 1) million.update(text("a".repeat(1000)));
  same("SHA-1 of a million", hex(million.finish()), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  same("SHA-256", hex(new SHA256().update(text("abc")).finish()), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  same("HMAC-SHA1 1", hex(new HMACSHA1(bytes("0b".repeat(20))).update(text("Hi There")).finish()), "b617318655057264e28bc0b6fb378c8ef146be00");
  same("HMAC-SHA1 6", hex(new HMACSHA1(bytes("aa".repeat(80))).update(text("Test Using Larger Than Block-Size Key - Hash Key First")).finish()), "aa4ae5e15272d00e95705637ce8a3b55ed402112");
  same("HMAC-SHA256 2", hex(new HMACSHA256(text("Jefe")).update(text("what do ya want for nothing?")).finish()), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  same("MD5", hex(md5(text(""))), "d41d8cd98f00b204e9800998ecf8427e");
  same("MD5", hex(md5(text("12345678901234567890123456789012345678901234567890123456789012345678901234567890"))), "57edf4a22be3c955ac49da2e2107b67a");
  same("CRC-32", new CRC32().update(text("1234")).update(text("56789")).value, 0xcbf43926);

  // Against Web Crypto, for every length around a block and in odd pieces.
  for (const [name, Hash] of [["SHA-1", SHA1], ["SHA-256", SHA256]]) {
    for (const count of [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 100_003]) {
      const data = random(count);
      const cut = Math.floor(count / 3);
      const own = new Hash().update(data.subarray(0, cut)).update(data.subarray(cut)).finish();
      same(`${name} of ${count}`, hex(own), hex(new Uint8Array(await crypto.subtle.digest(name, data))));
    }
  }

  // The first rows of a CSV.
  const records = (string, whole = true) => JSON.stringify(firstRecords(string, 3, whole));
  same("csv", records('\ufeffa,b\r\n"x,\n""y""",2\nlast,3'), JSON.stringify([["a", "b"], ['x,\n"y"', "2"], ["last", "3"]]));
  same("csv, cut off", records('a,b\n1,2\n3,"4', false), JSON.stringify([["a", "b"], ["1", "2"]]));
  return found;
}'''


def scenario(stage):
    with stage.page("/open") as page:
        page.wait_for_selector("input[type=file]", state="attached")
        stage.faults += page.evaluate(SCRIPT)


if __name__ == "__main__":
    stage.run(scenario)
