"""Archives of vector tiles: what is read of them, and that damaged ones are refused in plain words."""

import gzip

import pytest
from pmtiles.tile import Compression, TileType

from cps.geo import tiles
from cps.kernel.errors import Unusable
from tests.geo.archives import STREET, a_tile, an_archive

HERE = (16, 52033, 28851)
_IGNORED_FIELD = b"\x7a\x80\xad\xe2\x04"  # protobuf: field 15, ten million bytes long


@pytest.fixture(params=[".mbtiles", ".pmtiles"])
def path(request, tmp_path):
    return tmp_path / f"city map{request.param}"


def drawn(path, *features, layer="roads", zoom=16):
    place = (zoom, 3, 1)
    return tiles.opened(an_archive(path, {place: a_tile(*features, layer=layer)})).drawing(*place)


def a_line(words="LINESTRING(0 0, 4096 0)", **properties):
    return {"geometry": words, "properties": properties}


def a_square(**properties):
    return {"geometry": "POLYGON((0 0, 2048 0, 2048 2048, 0 2048, 0 0))", "properties": properties}


def test_a_tile_is_found_by_its_row_from_the_north_and_drawn_from_its_north_west_corner(path):
    archive = tiles.opened(an_archive(path, {HERE: a_tile(STREET)}))

    assert archive.drawing(*HERE) == [("main", "", [[0, 0, 1024, 0, 1024, 1024]])]


def test_there_is_nothing_to_draw_where_the_archive_has_no_tile(path):
    archive = tiles.opened(an_archive(path, {HERE: a_tile(STREET)}))

    assert archive.drawing(16, 52033, 28852) is None
    assert archive.drawing(15, 0, 0) is None


def test_an_archive_says_what_it_covers(path):
    archive = tiles.opened(an_archive(path, {(14, 13008, 7212): a_tile(STREET), HERE: a_tile(STREET)}))

    assert archive.coverage == tiles.Coverage(14, 16, (105.8, 21.0, 105.9, 21.1), "OSM")


def test_another_archive_has_another_version(path):
    before = tiles.opened(an_archive(path, {HERE: a_tile(STREET)})).version
    path.unlink()
    after = tiles.opened(an_archive(path, {HERE: a_tile(STREET, a_line(highway="path"))})).version

    assert before != after


def test_the_pieces_of_one_street_are_joined(path):
    drawing = drawn(
        path,
        a_line("LINESTRING(0 4096, 1000 4096)", highway="residential", name="Phố Huế"),
        a_line("LINESTRING(1000 4096, 3000 4096)", highway="residential", name="Phố Huế"),
        a_line("LINESTRING(3000 4096, 4000 4096)", highway="residential", name="Hàng Bài"),
    )

    assert drawing == [
        ("minor", "Hàng Bài", [[1500, 0, 500, 0]]),
        ("minor", "Phố Huế", [[0, 0, 500, 0, 1000, 0]]),
    ]


@pytest.mark.parametrize(
    ("layer", "feature", "kind"),
    [
        ("roads", a_line(highway="trunk_link"), "main"),
        ("transportation", a_line(**{"class": "tertiary"}), "middle"),
        ("transportation", a_line(**{"class": "path", "subclass": "footway"}), "path"),
        ("roads", a_line(kind="minor_road", kind_detail="service"), "path"),
        ("roads", a_line(kind="major_road", kind_detail="secondary"), "middle"),
        ("streets", a_line(kind="living_street"), "minor"),
        ("transportation_name", a_line(**{"class": "minor", "name": "Phố Huế"}), "name"),
        ("water", a_square(kind="lake"), "water"),
        ("waterway", a_line(**{"class": "river"}), "river"),
        ("landuse", a_square(kind="park"), "green"),
        ("park", a_square(), "green"),
        ("building", a_square(), "building"),
        ("place", {"geometry": "POINT(2048 2048)", "properties": {"name": "Hà Nội"}}, "place"),
    ],
)
def test_layers_are_understood_whoever_made_the_tiles(tmp_path, layer, feature, kind):
    drawing = drawn(tmp_path / "map.mbtiles", feature, layer=layer)

    assert [drawn_kind for drawn_kind, _name, _parts in drawing] == [kind]


@pytest.mark.parametrize(
    ("layer", "feature"),
    [
        ("landuse", a_square(kind="industrial")),
        ("poi", {"geometry": "POINT(1 1)", "properties": {"name": "Shop"}}),
        ("roads", a_line(highway="proposed")),
        ("roads", a_line(railway="tram")),
    ],
)
def test_what_a_calm_map_does_not_show_is_left_out(tmp_path, layer, feature):
    assert drawn(tmp_path / "map.mbtiles", feature, layer=layer) == []


@pytest.mark.parametrize(
    ("zoom", "kinds"),
    [
        (10, ["main"]),
        (12, ["middle", "main"]),
        (13, ["minor", "middle", "main"]),
        (15, ["path", "minor", "middle", "main"]),
    ],
)
def test_small_streets_are_left_out_from_afar(tmp_path, zoom, kinds):
    streets = [a_line(highway=word) for word in ("primary", "secondary", "residential", "footway")]

    drawing = drawn(tmp_path / "map.mbtiles", *streets, zoom=zoom)

    assert [kind for kind, _name, _parts in drawing] == kinds


@pytest.mark.parametrize("data", [b"", b"This is no archive.", b"PMTiles\x03", b"SQLite format 3\x00"])
def test_what_is_no_archive_is_refused_by_its_path(path, data):
    path.write_bytes(data)

    with pytest.raises(Unusable, match=r"city map.*cannot be read"):
        tiles.opened(path)


def test_an_archive_that_is_cut_off_is_refused(path):
    an_archive(path, {HERE: a_tile(STREET)})
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(Unusable, match="cannot be read"):
        tiles.opened(path)


def test_an_archive_without_tiles_is_refused(tmp_path):
    path = an_archive(tmp_path / "map.mbtiles", {})

    with pytest.raises(Unusable, match="no tiles"):
        tiles.opened(path)


PNG, JPEG = b"\x89PNG\r\n\x1a\nrest", b"\xff\xd8\xffrest"


@pytest.mark.parametrize(
    ("suffix", "facts", "tile", "mimetype"),
    [
        (".mbtiles", {"format": "png"}, PNG, "image/png"),
        (".mbtiles", {"format": "jpeg"}, JPEG, "image/jpeg"),
        (".pmtiles", {"tile_type": TileType.PNG, "tile_compression": Compression.NONE}, PNG, "image/png"),
        (".pmtiles", {"tile_type": TileType.JPEG, "tile_compression": Compression.NONE}, JPEG, "image/jpeg"),
    ],
)
def test_an_archive_of_pictures_hands_them_out_as_they_are(tmp_path, suffix, facts, tile, mimetype):
    archive = tiles.opened(an_archive(tmp_path / f"map{suffix}", {HERE: tile}, **facts))

    assert archive.picture(*HERE) == tile
    assert archive.picture(16, 0, 0) is None
    assert (archive.coverage.is_vector, archive.coverage.mimetype) == (False, mimetype)


def test_a_picture_that_is_none_is_damaged(tmp_path):
    pictures = {HERE: PNG, (16, 0, 0): b"<html>"}
    archive = tiles.opened(an_archive(tmp_path / "map.mbtiles", pictures, format="png"))

    with pytest.raises(tiles.Damaged, match="no png picture"):
        archive.picture(16, 0, 0)


def test_an_archive_of_neither_streets_nor_pictures_is_refused(tmp_path):
    tile = {HERE: a_tile(STREET)}

    with pytest.raises(Unusable, match="tiff tiles"):
        tiles.opened(an_archive(tmp_path / "map.mbtiles", tile, format="tiff"))
    with pytest.raises(Unusable, match="neither vector tiles"):
        tiles.opened(an_archive(tmp_path / "map.pmtiles", tile, tile_type=TileType.AVIF))
    with pytest.raises(Unusable, match="no png picture"):
        tiles.opened(an_archive(tmp_path / "map2.mbtiles", tile, format="png"))
    with pytest.raises(Unusable, match="gzip"):
        tiles.opened(an_archive(tmp_path / "map2.pmtiles", tile, tile_compression=Compression.BROTLI))


def test_tiles_may_come_unpacked(tmp_path):
    tile = {HERE: gzip.decompress(a_tile(STREET))}

    archive = tiles.opened(an_archive(tmp_path / "map.mbtiles", tile))

    assert archive.drawing(*HERE)


@pytest.mark.parametrize(
    "data",
    [
        b"no tile",
        a_tile(STREET)[:-9],
        a_tile(STREET)[:14] + bytes(9) + a_tile(STREET)[23:],
        gzip.compress(_IGNORED_FIELD + bytes(10_000_000) + gzip.decompress(a_tile(STREET))),
    ],
    ids=["words", "cut off", "overwritten", "bomb"],
)
def test_one_damaged_tile_is_told_apart_from_one_that_is_not_there(path, data):
    archive = tiles.opened(an_archive(path, {(3, 0, 0): a_tile(STREET), (4, 0, 0): data}))

    with pytest.raises(tiles.Damaged, match="4/0/0"):
        archive.drawing(4, 0, 0)
    assert archive.drawing(3, 0, 0)


def test_streets_of_a_real_archive_are_drawn_with_their_names(shared):
    path = shared / "data" / "osm" / "hanoi_centre.mbtiles"
    if not path.is_file():
        pytest.skip("the archive of Hanoi's centre is not on this machine")

    archive = tiles.opened(path)
    drawing = archive.drawing(*HERE)

    assert (archive.coverage.lowest_zoom, archive.coverage.highest_zoom) == (10, 16)
    assert {"path", "minor", "middle"} <= {kind for kind, _name, _parts in drawing}
    assert "Phố Hào Nam" in {name for _kind, name, _parts in drawing}
