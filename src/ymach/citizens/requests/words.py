"""Requests in words, for the person and for who answers."""

from __future__ import annotations

from ymach.base.text import Text
from ymach.citizens.requests.rules import Act, Ground, Kind, State

KINDS: dict[Kind, Text] = {
    Kind.OBTAIN: Text("Xin bản sao hồ sơ", "A copy of my record"),
    Kind.CORRECT: Text("Sửa chỗ ghi sai", "Correct what is wrong"),
    Kind.RESTRICT: Text("Hạn chế người xem", "Restrict who may read"),
    Kind.OBJECT: Text("Phản đối một mục đích dùng", "Object to a use"),
    Kind.DELETE: Text("Xóa dữ liệu", "Delete data"),
    Kind.READER: Text("Khiếu nại người đã xem", "Complain about a reader"),
    Kind.UNSIGNED: Text("Báo không phải tôi ký", "That was not signed by me"),
}
EXPLAINED: dict[Kind, Text] = {
    Kind.OBTAIN: Text(
        "Sổ sức khỏe ở đây bạn tải về được ngay. Cần bản giấy hoặc hồ sơ bệnh án đầy đủ thì gửi yêu cầu này.",
        "Your health book can be downloaded here at once. For paper, or the full medical record, send this request.",
    ),
    Kind.CORRECT: Text(
        "Yêu cầu đi tới cơ sở đã ghi. Bản cũ được giữ cạnh bản sửa, để ai cũng thấy đã sửa gì.",
        "It goes to the facility that wrote the record. The old version stays beside the corrected one.",
    ),
    Kind.RESTRICT: Text(
        "Có hiệu lực ngay từ lần xem kế tiếp. Cấp cứu và trường hợp luật quy định vẫn xem được, và bạn luôn được báo.",
        "In force from the next reading. Emergencies and what the law orders still read, and you always see it.",
    ),
    Kind.OBJECT: Text(
        "Dữ liệu của bạn không được dùng cho mục đích đó nữa, từ lần xem kế tiếp.",
        "Your data is no longer read for that purpose, from the next reading.",
    ),
    Kind.DELETE: Text(
        "Hồ sơ khám chữa bệnh phải giữ theo luật từ 10 đến 30 năm nên không xóa được; bạn có thể hạn chế người xem. "
        "Thông tin liên hệ và những gì bạn tự thêm thì xóa được.",
        "Medical records must be kept by law for 10 to 30 years and are not deleted; you can restrict who reads them. "
        "Contact details and what you added yourself can be deleted.",
    ),
    Kind.READER: Text(
        "Sở Y tế, không phải cơ sở bị khiếu nại, sẽ xem xét lần xem đó có căn cứ hay không.",
        "The department, not the facility complained of, looks into whether there was a ground for the reading.",
    ),
    Kind.UNSIGNED: Text(
        "Giấy mà quầy đã ghi hết hiệu lực ngay. Sở Y tế, không phải cơ sở đã ghi, sẽ xem ai đã ký.",
        "What a desk recorded is without force at once. The department, not the facility, looks into who signed.",
    ),
}
STATES: dict[State, Text] = {
    State.SENT: Text("Chờ trả lời", "Waiting for an answer"),
    State.TAKEN: Text("Đang giải quyết", "Being dealt with"),
    State.DONE: Text("Đã xong", "Done"),
    State.REFUSED: Text("Bị từ chối", "Refused"),
    State.WITHDRAWN: Text("Đã rút lại", "Taken back"),
}
BADGES: dict[State, str] = {
    State.SENT: "waiting",
    State.TAKEN: "waiting",
    State.DONE: "accepted",
    State.REFUSED: "rejected",
    State.WITHDRAWN: "rejected",
}
ACTS: dict[Act, Text] = {
    Act.SEND: Text("Gửi yêu cầu", "Sent"),
    Act.TAKE: Text("Nhận giải quyết", "Taken"),
    Act.EXTEND: Text("Gia hạn", "Extended"),
    Act.DONE: Text("Giải quyết xong", "Done"),
    Act.REFUSE: Text("Từ chối", "Refused"),
    Act.WITHDRAW: Text("Người gửi rút lại", "Taken back"),
    Act.LIFT: Text("Bỏ hạn chế", "Restriction lifted"),
}
GROUNDS: dict[Ground, Text] = {
    Ground.KEPT_BY_LAW: Text(
        "Hồ sơ khám chữa bệnh phải lưu giữ theo luật (Luật 91/2025/QH15 điều 14; Thông tư 33/2025/TT-BYT). "
        "Bạn có thể yêu cầu hạn chế người xem.",
        "Medical records must be kept by law (Law 91/2025/QH15 art. 14; Circular 33/2025/TT-BYT). "
        "You can ask that reading be restricted.",
    ),
    Ground.RIGHT_AS_IT_IS: Text(
        "Cơ sở đã đối chiếu hồ sơ gốc và thấy ghi đúng.", "The facility has compared the original and finds it right."
    ),
    Ground.ALLOWED_READING: Text("Lần xem đó có căn cứ theo quy định.", "There was a lawful ground for that reading."),
    Ground.SIGNED: Text(
        "Đã đối chiếu bản gốc: giấy do chính bạn hoặc người đại diện của bạn ký. Giấy vẫn hết hiệu lực như bạn muốn.",
        "The original was compared: you, or who acts for you, signed it. It stays without force, as you wished.",
    ),
    Ground.OTHERS: Text("Bản sao sẽ làm lộ dữ liệu của người khác.", "The copy would disclose data of somebody else."),
    Ground.UNCLEAR: Text(
        "Chưa đủ thông tin để thực hiện. Gửi lại yêu cầu và nói rõ hơn.",
        "Too little is said to act upon. Send the request again and say more.",
    ),
}
AT_ONCE = Text(
    "Đã có hiệu lực. Không ai trong phạm vi này xem được từ bây giờ, trừ cấp cứu và trường hợp luật quy định.",
    "In force. From now on nobody within this scope reads, save in an emergency and where the law orders it.",
)
LIFTED = Text("Đã bỏ hạn chế. Việc xem lại theo đồng ý của bạn.", "Lifted. Reading follows your consents again.")
TOLD: dict[Act, Text] = {
    Act.TAKE: Text("Yêu cầu của bạn đã được nhận giải quyết.", "Your request has been taken up."),
    Act.EXTEND: Text("Yêu cầu của bạn cần thêm thời gian. Xem lý do.", "Your request needs more time. See why."),
    Act.DONE: Text("Yêu cầu của bạn đã được giải quyết.", "Your request has been dealt with."),
    Act.REFUSE: Text("Yêu cầu của bạn bị từ chối. Xem lý do.", "Your request has been refused. See why."),
}
TO_ANSWER = Text(
    "Có yêu cầu mới của người dân về dữ liệu của họ. Trả lời chậm nhất ngày {due}.",
    "A person has a request about their data. Answer by {due} at the latest.",
)
