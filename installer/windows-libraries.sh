#!/bin/bash
# Makes the static libraries of chartferry.exe from Debian's source packages (windows-sources.txt) and prints the folder
# that they lie in. It is outside the tree, named by a hash of what goes into it, and built only when it is absent.
# usage: installer/windows-libraries.sh           builds what is missing (about ten minutes on two cores)
#        installer/windows-libraries.sh --where   only says where
# The source files come by this machine's own apt sources and stay in a cache, each under its SHA-256.
# Exit 77: the sources cannot be had here.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/chartferry
pins=$here/windows-sources.txt
cross=x86_64-w64-mingw32
key=$({ cat "$pins" "$here/windows-libraries.sh" "$here/windows-toolchain.cmake"; "$cross-gcc-win32" -dumpfullversion 2>&1; } |
    sha256sum | cut -c1-16)
prefix=${CHARTFERRY_WINDOWS_PREFIX:-$cache/windows-$key}
case "${1:-}" in
    --where) echo "$prefix"; exit 0 ;;
    "") ;;
    *) echo "usage: $0 [--where]" >&2; exit 2 ;;
esac
[ -e "$prefix/complete" ] && { echo "$prefix"; exit 0; }

command -v "$cross-gcc-win32" >/dev/null || {
    echo "No compiler for Windows here: run installer/install-packages.sh windows" >&2
    exit 77
}
mkdir -p "$cache/sources"
exec 9>"$cache/windows-$key.lock"
flock 9 # whoever comes second waits, and finds it built
[ -e "$prefix/complete" ] && { echo "$prefix"; exit 0; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CHARTFERRY_WINDOWS_PREFIX=$prefix
# The same bytes at any time and in any folder.
export SOURCE_DATE_EPOCH=1700000000
flags="-O2 -D__USE_MINGW_ANSI_STDIO=1 -D_WIN32_WINNT=0x0A00 -ffile-prefix-map=$work=."

# ---- sources

# Apt's lists in folders of our own, made from the sources that this machine has: as root or not, and nothing of the
# machine's own is changed. Debian's unstable is among them for the one file that its mirrors have only there.
apt_lists() {
    mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial" "$work/apt/etc"
    apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(RELEASE)' | sort -u | while read -r origin uri release; do
        [ "$origin" = Debian ] || continue
        echo "deb-src $uri $release main"
        case "$release" in *-*) ;; *) echo "deb-src $uri sid main" ;; esac
    done | sort -u >"$work/apt/etc/sources.list"
    cat >"$work/apt/apt.conf" <<END
Dir::Etc::SourceList "$work/apt/etc/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::State::Lists "$work/apt/lists";
Dir::Cache "$work/apt/cache";
END
    APT_CONFIG=$work/apt/apt.conf apt-get update -qq >&2 || true
}

# Every version of a package lies in the same folder of a mirror, so the file is asked for in each folder that any
# version is said to be in: the pinned one is there longer than the index names it.
fetch() { # fetch PACKAGE FILE SHA256
    local kept=$cache/sources/$3/$2
    [ -e "$kept" ] && return
    mkdir -p "$cache/sources/$3"
    local folder
    for folder in $(APT_CONFIG=$work/apt/apt.conf apt-cache showsrc "$1" 2>/dev/null |
        sed -n 's/^Directory: //p' | sort -u); do
        for root in $(cut -d' ' -f2 "$work/apt/etc/sources.list" | sort -u); do
            APT_CONFIG=$work/apt/apt.conf /usr/lib/apt/apt-helper -qq download-file "${root%/}/$folder/$2" \
                "$kept.partial" "SHA256:$3" >/dev/null 2>&1 || continue
            mv "$kept.partial" "$kept"
            return
        done
    done
    echo "Cannot fetch $2 of the source package $1 from the package sources of this machine." >&2
    exit 77
}

# unpacked PACKAGE: fetches and unpacks into $work/PACKAGE, applies Debian's patches.
unpacked() {
    local package file sum tree=$work/$1
    mkdir -p "$tree"
    while read -r package file sum; do
        [ "$package" = "$1" ] || continue
        fetch "$package" "$file" "$sum"
        echo "$sum  $cache/sources/$sum/$file" | sha256sum -c --quiet >&2
        case "$file" in
            *.orig.tar.*) tar -xf "$cache/sources/$sum/$file" -C "$tree" --strip-components=1 ;;
            *.debian.tar.*)
                tar -xf "$cache/sources/$sum/$file" -C "$tree"
                sed 's/ *#.*//; s/ .*//; /^$/d' "$tree/debian/patches/series" | while read -r patch; do
                    patch -s -p1 -d "$tree" <"$tree/debian/patches/$patch" >&2
                done ;;
        esac
    done <"$pins"
    cd "$tree"
}

# ---- building

crossed() { # crossed OPTION...: configures the tree here with CMake in ./crossed
    cmake -S . -B crossed -G Ninja -DCMAKE_TOOLCHAIN_FILE="$here/windows-toolchain.cmake" -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_FLAGS="$flags" -DCMAKE_C_FLAGS_RELEASE= \
        -DCMAKE_POLICY_DEFAULT_CMP0077=NEW "$@"
}

compiled() { # compiled LIBRARY FLAGS FILE...: a static library of some files
    local library=$1 extra=$2 file
    shift 2
    rm -rf objects
    mkdir objects
    for file in "$@"; do
        # shellcheck disable=SC2086 # lists of words
        "$cross-gcc-win32" $flags $extra -I"$prefix/include" -c "$file" -o "objects/$(basename "$file" .c).o"
    done
    "$cross-gcc-ar-win32" rcsD "$prefix/lib/$library" objects/*.o
}

described() { # described NAME CFLAGS LIBS: what pkg-config says of it; the makers' own files forget the static library
    cat >"$prefix/lib/pkgconfig/$1.pc" <<END
prefix=\${pcfiledir}/../..
Name: $1
Description: static library for Windows
Version: 0
Cflags: -I\${prefix}/include $2
Libs: -L\${prefix}/lib $3
END
}

# Debian's tarball lacks what the DLL needs, so only the static library is made.
build_zlib() {
    crossed
    ninja -C crossed zlibstatic
    cp crossed/libzlibstatic.a "$prefix/lib/libz.a"
    cp zlib.h crossed/zconf.h "$prefix/include/"
    described zlib "" "-lz"
}

# What packs and what sums up; what unpacks is not used.
build_libdeflate() {
    compiled libdeflate.a -I. lib/utils.c lib/x86/cpu_features.c lib/deflate_compress.c lib/zlib_compress.c lib/adler32.c \
        lib/crc32.c
    cp libdeflate.h "$prefix/include/"
    described libdeflate "" "-ldeflate"
}

build_bzip2() {
    compiled libbz2.a "" blocksort.c huffman.c crctable.c randtable.c compress.c decompress.c bzlib.c
    cp bzlib.h "$prefix/include/"
}

build_xz_utils() {
    crossed -DBUILD_SHARED_LIBS=OFF
    ninja -C crossed liblzma
    cp crossed/liblzma.a "$prefix/lib/"
    cp -r src/liblzma/api/lzma src/liblzma/api/lzma.h "$prefix/include/"
}

# With Debian's options, so that SQL means the same on both systems, but for those that load code from files.
build_sqlite3() {
    ./configure --disable-tcl --disable-readline --enable-fts5
    make sqlite3.c
    compiled libsqlite3.a "-DSQLITE_THREADSAFE=1 -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_SECURE_DELETE -DSQLITE_SOUNDEX=1
        -DSQLITE_OMIT_LOOKASIDE=1 -DSQLITE_ENABLE_COLUMN_METADATA -DSQLITE_ENABLE_FTS3 -DSQLITE_ENABLE_FTS3_PARENTHESIS
        -DSQLITE_ENABLE_FTS4 -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_RTREE=1 -DSQLITE_ENABLE_DBSTAT_VTAB -DSQLITE_ENABLE_STMTVTAB
        -DSQLITE_ENABLE_UNLOCK_NOTIFY -DSQLITE_ALLOW_ROWID_IN_VIEW -DSQLITE_LIKE_DOESNT_MATCH_BLOBS -DSQLITE_USE_URI=1
        -DSQLITE_MAX_SCHEMA_RETRY=25 -DSQLITE_MAX_VARIABLE_NUMBER=250000" sqlite3.c
    cp sqlite3.h "$prefix/include/"
    described sqlite3 "" "-lsqlite3"
}

build_expat() {
    cd expat
    crossed -DEXPAT_SHARED_LIBS=OFF -DEXPAT_BUILD_TOOLS=OFF -DEXPAT_BUILD_EXAMPLES=OFF -DEXPAT_BUILD_TESTS=OFF \
        -DEXPAT_BUILD_DOCS=OFF -DEXPAT_BUILD_PKGCONFIG=OFF
    ninja -C crossed install
    described expat "-DXML_STATIC" "-lexpat"
}

build_libyaml() {
    crossed -DBUILD_SHARED_LIBS=OFF -DBUILD_TESTING=OFF
    ninja -C crossed yaml
    cp crossed/libyaml.a "$prefix/lib/"
    cp include/yaml.h "$prefix/include/"
    described yaml-0.1 "-DYAML_DECLARE_STATIC" "-lyaml"
}

build_jansson() {
    crossed -DJANSSON_BUILD_SHARED_LIBS=OFF -DJANSSON_BUILD_DOCS=OFF -DJANSSON_EXAMPLES=OFF -DJANSSON_WITHOUT_TESTS=ON
    ninja -C crossed install
    described jansson "" "-ljansson"
}

build_cmocka() {
    crossed -DWITH_STATIC_LIB=ON -DWITH_EXAMPLES=OFF -DUNIT_TESTING=OFF
    ninja -C crossed
    cp "$(find crossed -name libcmocka-static.a)" "$prefix/lib/"
    cp include/cmocka.h "$prefix/include/"
    mkdir -p "$prefix/lib/cmake/cmocka"
    cat >"$prefix/lib/cmake/cmocka/cmocka-config.cmake" <<END
add_library(cmocka STATIC IMPORTED)
set_target_properties(cmocka PROPERTIES IMPORTED_LOCATION $prefix/lib/libcmocka-static.a
  INTERFACE_INCLUDE_DIRECTORIES $prefix/include)
END
}

# It calls itself a release candidate of what Debian ships as the release, and says so in every PDF.
build_libharu() {
    sed -i 's/2\.3\.0RC2/2.3.0/' include/hpdf_version.h
    crossed -DLIBHPDF_SHARED=NO -DLIBHPDF_STATIC=YES -DCMAKE_DISABLE_FIND_PACKAGE_PNG=ON
    ninja -C crossed
    cp "$(find crossed -name libhpdfs.a)" "$prefix/lib/"
    cp include/hpdf*.h "$prefix/include/"
    find crossed -name hpdf_config.h -exec cp {} "$prefix/include/" \;
}

# Its build looks for "Bcrypt.h", which mingw calls bcrypt.h, and would go on without AES: the check is ours.
build_libarchive() {
    sed -i 's/"Bcrypt.h"/"bcrypt.h"/; s/"Bcrypt"/"bcrypt"/' CMakeLists.txt
    crossed -DENABLE_TEST=OFF -DENABLE_CPIO=OFF -DENABLE_CAT=OFF -DENABLE_TAR=OFF -DENABLE_OPENSSL=OFF -DENABLE_MBEDTLS=OFF \
        -DENABLE_NETTLE=OFF -DENABLE_LIBB2=OFF -DENABLE_LZ4=OFF -DENABLE_ZSTD=OFF -DENABLE_LZMA=ON -DENABLE_BZip2=ON \
        -DENABLE_LIBXML2=OFF -DENABLE_EXPAT=OFF -DENABLE_PCREPOSIX=OFF -DPOSIX_REGEX_LIB=NONE -DENABLE_ICONV=OFF \
        -DENABLE_ACL=OFF -DENABLE_XATTR=OFF -DENABLE_CNG=ON -DENABLE_WERROR=OFF
    for has in HAVE_BCRYPT_H HAVE_LZMA_H HAVE_BZLIB_H HAVE_ZLIB_H; do
        grep -q "^#define $has 1" crossed/config.h || { echo "libarchive was configured without $has" >&2; exit 1; }
    done
    ninja -C crossed archive_static
    cp "$(find crossed -name libarchive_static.a)" "$prefix/lib/"
    cp libarchive/archive.h libarchive/archive_entry.h "$prefix/include/"
    described libarchive "-DLIBARCHIVE_STATIC" "-larchive_static -llzma -lbz2 -lz -lbcrypt"
}

# It reads no file of settings: its folder, which becomes part of the library, must be none that anybody could make.
build_openssl() {
    perl Configure mingw64 --cross-compile-prefix="$cross-" --prefix=C:/Windows/chartferry \
        --openssldir=C:/Windows/chartferry no-shared no-tests no-dso no-engine no-legacy no-autoload-config no-ui-console \
        no-cmp no-cms no-ct no-srp no-ts no-camellia no-seed no-idea no-bf no-cast no-rc2 no-aria no-sm2 no-sm3 no-sm4 no-gost \
        no-whirlpool no-scrypt no-dtls -D__USE_MINGW_ANSI_STDIO=1 "-ffile-prefix-map=$work=."
    make -j2 build_libs
    cp libcrypto.a libssl.a "$prefix/lib/"
    cp -r include/openssl "$prefix/include/"
    described libcrypto "" "-lcrypto -lws2_32 -lcrypt32 -lgdi32 -luser32 -ladvapi32"
    described libssl "" "-lssl -lcrypto -lws2_32 -lcrypt32 -lgdi32 -luser32 -ladvapi32"
}

# Its link line names ws2_32 before libcrypto, which needs it. The import library of its DLL would be taken first.
build_freetds() {
    crossed -DWITH_OPENSSL=ON -DOPENSSL_ROOT_DIR="$prefix" -DOPENSSL_USE_STATIC_LIBS=ON \
        -DCMAKE_C_STANDARD_LIBRARIES="-lws2_32 -lcrypt32 -lgdi32 -luser32 -ladvapi32 -lkernel32 -lshell32 -lole32 -loleaut32 -luuid -lcomdlg32 -lwinspool"
    ninja -C crossed db-lib tds replacements tdsutils
    for library in db-lib tds replacements tdsutils; do
        cp "$(find crossed -name "lib$library.a")" "$prefix/lib/"
    done
    cp include/sybdb.h include/sybfront.h include/syberror.h "$prefix/include/"
    find crossed/include include -name tds_sysdep_public.h -exec cp {} "$prefix/include/" \;
}

# What its makers ask to be told to those who get the program. The C library and the compiler's parts come from packages.
license_of() {
    case "$1" in
        cmocka | libharu) ;; # in tests only; its text is in the tree, the tarball has none
        freetds) cat "$work/$1/COPYING_LIB.txt" ;;
        libyaml) cat "$work/$1/License" ;;
        openssl) cat "$work/$1/LICENSE.txt" ;;
        sqlite3) cat "$work/$1/LICENSE.md" ;;
        bzip2 | zlib | jansson) cat "$work/$1/LICENSE" ;;
        expat | libarchive | libdeflate | xz-utils) cat "$work/$1/COPYING" ;;
        *) echo "What is the licence of $1?" >&2; exit 1 ;;
    esac >"$prefix/licenses/$1.txt"
    [ -s "$prefix/licenses/$1.txt" ] || rm "$prefix/licenses/$1.txt"
}

# In the order in which they need each other.
libraries="zlib libdeflate bzip2 xz-utils openssl sqlite3 expat libyaml jansson cmocka libharu libarchive freetds"

# Each step is a process of its own, waited for: "set -e" means nothing within what is tested by || itself.
apt_lists_needed=$(while read -r package file sum; do
    case "$package" in "#"* | "") ;; *) [ -e "$cache/sources/$sum/$file" ] || echo "$file" ;; esac
done <"$pins")
[ -z "$apt_lists_needed" ] || apt_lists
for library in $libraries; do # all are there before the first is built
    (unpacked "$library") &
    wait $! || exit $?
done
rm -rf "$prefix"
mkdir -p "$prefix/lib/pkgconfig" "$prefix/include" "$prefix/licenses"
for library in $libraries; do
    echo "building $library" >&2
    (cd "$work/$library" && "build_${library//-/_}") >"$work/log" 2>&1 &
    wait $! || {
        tail -40 "$work/log" >&2
        echo "$library could not be built." >&2
        exit 1
    }
    license_of "$library"
done
touch "$prefix/complete"
echo "$prefix"
