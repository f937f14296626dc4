"""Files in a bucket: put once however often it is tried; what is wrong is said without a key."""

import boto3
import pytest
from moto.server import ThreadedMotoServer
from telltale import report, send
from test_exports import free_port

from dashboard.export import ExportError, make

KEYS = {"aws_access_key_id": "canary-id", "aws_secret_access_key": "canary-key", "aws_region": "us-east-1"}


@pytest.fixture
def bucket():
    """A server that speaks S3, with a bucket in it."""
    port = free_port()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=port)
    server.start()
    address = f"http://127.0.0.1:{port}"
    client = boto3.client(
        "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="y"
    )
    client.create_bucket(Bucket="reports")
    yield address, client
    server.stop()


def way(address, tmp_path, bucket="reports"):
    section = {"folder": f"s3://{bucket}/board", "storage": KEYS | {"aws_endpoint": address}, "formats": ["md", "csv"]}
    return make("board", "files", section, tmp_path)


def test_files_are_in_the_bucket_once_however_often_it_is_tried(bucket, tmp_path):
    address, client = bucket
    one = way(address, tmp_path)
    assert send(one) == "wrote bellwether-2026-11-22-012345 (md, csv) to s3://reports/board"
    send(one, report(failing=["Late."]))
    found = client.list_objects_v2(Bucket="reports")["Contents"]
    names = [entry["Key"] for entry in found]
    assert names == ["board/bellwether-2026-11-22-012345.csv", "board/bellwether-2026-11-22-012345.md"]
    body = client.get_object(Bucket="reports", Key=names[1])["Body"].read().decode()
    assert "> Late." in body
    assert one.check() == "can write to s3://reports/board"


def test_a_bucket_that_is_not_there_is_said_without_a_key(bucket, tmp_path):
    one = way(bucket[0], tmp_path, bucket="nowhere")
    with pytest.raises(ExportError, match=r"s3://nowhere/board did not take a file.*\[exports.board\]") as caught:
        send(one)
    assert "canary" not in str(caught.value) + repr(one.options) + repr(vars(one.place))


def test_an_address_that_is_no_bucket_is_refused(tmp_path):
    with pytest.raises(ExportError, match="write folder like s3://"):
        send(make("board", "files", {"folder": "nonsense://x"}, tmp_path))
