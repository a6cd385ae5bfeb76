# ruff: noqa: E501 - the tables are pasted as Asterisk wrote them
"""What Asterisk really wrote of some calls, recorded in the lab, cut down to what matters."""

CUSTOMER_HANGS_UP = """
eventtype    | eventtime         | channame                  | uniqueid                             | linkedid                             | accountcode | cid_num        | cid_ani       | exten | appname  | userdeftype | extra
CHAN_START   | 1795390582.479902 | PJSIP/carrier-00000000    | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 |             |                |               | s     |          |             |
ANSWER       | 1795390582.689745 | PJSIP/carrier-00000000    | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | +861062220001  | +861062220001 | s     | AppDial2 |             |
APP_START    | 1795390582.691035 | PJSIP/carrier-00000000    | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | +8613901030001 | +861062220001 | agent | Queue    |             |
CHAN_START   | 1795390582.691746 | PJSIP/agent-1004-00000001 | 1795390582.1                         | 762ac921-9c99-4442-8060-1acfd7b55e19 |             | 1004           |               | s     |          |             |
ANSWER       | 1795390582.695503 | PJSIP/agent-1004-00000001 | 1795390582.1                         | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | 1004           | 1004          | agent | AppQueue |             |
BRIDGE_ENTER | 1795390582.696139 | PJSIP/agent-1004-00000001 | 1795390582.1                         | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | 1004           | 1004          | agent | AppQueue |             | {"bridge_id":"2fee5938-4d55-403f-a2d6-20bd1a5e8be7","bridge_technology":"simple_bridge"}
BRIDGE_ENTER | 1795390582.696578 | PJSIP/carrier-00000000    | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | +8613901030001 | +861062220001 | agent | Queue    |             | {"bridge_id":"2fee5938-4d55-403f-a2d6-20bd1a5e8be7","bridge_technology":"simple_bridge"}
BRIDGE_EXIT  | 1795390586.191537 | PJSIP/carrier-00000000    | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | +8613901030001 | +861062220001 | agent | Queue    |             | {"bridge_id":"2fee5938-4d55-403f-a2d6-20bd1a5e8be7","bridge_technology":"simple_bridge"}
BRIDGE_EXIT  | 1795390586.191965 | PJSIP/agent-1004-00000001 | 1795390582.1                         | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | 1004           | 1004          | agent | AppQueue |             | {"bridge_id":"2fee5938-4d55-403f-a2d6-20bd1a5e8be7","bridge_technology":"simple_bridge"}
HANGUP       | 1795390586.192333 | PJSIP/agent-1004-00000001 | 1795390582.1                         | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | 1004           | 1004          | agent | AppQueue |             | {"hangupcause":16,"hangupsource":"PJSIP/carrier-00000000","dialstatus":""}
CHAN_END     | 1795390586.192333 | PJSIP/agent-1004-00000001 | 1795390582.1                         | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | 1004           | 1004          | agent | AppQueue |             |
HANGUP       | 1795390586.192968 | PJSIP/carrier-00000000    | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | +8613901030001 | +861062220001 | agent | AppDial2 |             | {"hangupcause":16,"hangupsource":"PJSIP/carrier-00000000","dialstatus":"ANSWER"}
CHAN_END     | 1795390586.192968 | PJSIP/carrier-00000000    | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | +8613901030001 | +861062220001 | agent | AppDial2 |             |
LINKEDID_END | 1795390586.192968 | PJSIP/carrier-00000000    | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | +8613901030001 | +861062220001 | agent | AppDial2 |             |
"""

AGENT_HANGS_UP = """
eventtype    | eventtime         | channame                  | uniqueid                             | linkedid                             | accountcode | cid_num        | cid_ani       | exten | appname  | userdeftype | extra
CHAN_START   | 1795390583.080518 | PJSIP/carrier-00000002    | 8c84694d-c921-4385-8222-e404f05ccb4c | 8c84694d-c921-4385-8222-e404f05ccb4c |             |                |               | s     |          |             |
ANSWER       | 1795390583.284940 | PJSIP/carrier-00000002    | 8c84694d-c921-4385-8222-e404f05ccb4c | 8c84694d-c921-4385-8222-e404f05ccb4c | autumn      | +861062220001  | +861062220001 | s     | AppDial2 |             |
APP_START    | 1795390583.285863 | PJSIP/carrier-00000002    | 8c84694d-c921-4385-8222-e404f05ccb4c | 8c84694d-c921-4385-8222-e404f05ccb4c | autumn      | +8613903030001 | +861062220001 | agent | Queue    |             |
CHAN_START   | 1795390583.286402 | PJSIP/agent-1003-00000003 | 1795390583.3                         | 8c84694d-c921-4385-8222-e404f05ccb4c |             | 1003           |               | s     |          |             |
ANSWER       | 1795390583.289326 | PJSIP/agent-1003-00000003 | 1795390583.3                         | 8c84694d-c921-4385-8222-e404f05ccb4c | autumn      | 1003           | 1003          | agent | AppQueue |             |
BRIDGE_ENTER | 1795390583.289839 | PJSIP/agent-1003-00000003 | 1795390583.3                         | 8c84694d-c921-4385-8222-e404f05ccb4c | autumn      | 1003           | 1003          | agent | AppQueue |             | {"bridge_id":"b50809d2-b70d-482c-9b84-ff8616523ab7","bridge_technology":"simple_bridge"}
BRIDGE_ENTER | 1795390583.290209 | PJSIP/carrier-00000002    | 8c84694d-c921-4385-8222-e404f05ccb4c | 8c84694d-c921-4385-8222-e404f05ccb4c | autumn      | +8613903030001 | +861062220001 | agent | Queue    |             | {"bridge_id":"b50809d2-b70d-482c-9b84-ff8616523ab7","bridge_technology":"simple_bridge"}
BRIDGE_EXIT  | 1795390586.790998 | PJSIP/agent-1003-00000003 | 1795390583.3                         | 8c84694d-c921-4385-8222-e404f05ccb4c | autumn      | 1003           | 1003          | agent | AppQueue |             | {"bridge_id":"b50809d2-b70d-482c-9b84-ff8616523ab7","bridge_technology":"simple_bridge"}
BRIDGE_EXIT  | 1795390586.791121 | PJSIP/carrier-00000002    | 8c84694d-c921-4385-8222-e404f05ccb4c | 8c84694d-c921-4385-8222-e404f05ccb4c | autumn      | +8613903030001 | +861062220001 | agent | Queue    |             | {"bridge_id":"b50809d2-b70d-482c-9b84-ff8616523ab7","bridge_technology":"simple_bridge"}
HANGUP       | 1795390586.791181 | PJSIP/agent-1003-00000003 | 1795390583.3                         | 8c84694d-c921-4385-8222-e404f05ccb4c | autumn      | 1003           | 1003          | agent | AppQueue |             | {"hangupcause":16,"hangupsource":"PJSIP/agent-1003-00000003","dialstatus":""}
CHAN_END     | 1795390586.791181 | PJSIP/agent-1003-00000003 | 1795390583.3                         | 8c84694d-c921-4385-8222-e404f05ccb4c | autumn      | 1003           | 1003          | agent | AppQueue |             |
HANGUP       | 1795390586.791998 | PJSIP/carrier-00000002    | 8c84694d-c921-4385-8222-e404f05ccb4c | 8c84694d-c921-4385-8222-e404f05ccb4c | autumn      | +8613903030001 | +861062220001 | agent | AppDial2 |             | {"hangupcause":16,"hangupsource":"PJSIP/agent-1003-00000003","dialstatus":"ANSWER"}
CHAN_END     | 1795390586.791998 | PJSIP/carrier-00000002    | 8c84694d-c921-4385-8222-e404f05ccb4c | 8c84694d-c921-4385-8222-e404f05ccb4c | autumn      | +8613903030001 | +861062220001 | agent | AppDial2 |             |
LINKEDID_END | 1795390586.791998 | PJSIP/carrier-00000002    | 8c84694d-c921-4385-8222-e404f05ccb4c | 8c84694d-c921-4385-8222-e404f05ccb4c | autumn      | +8613903030001 | +861062220001 | agent | AppDial2 |             |
"""

BUSY = """
eventtype    | eventtime         | channame               | uniqueid                             | linkedid                             | accountcode | cid_num       | cid_ani       | exten | appname  | userdeftype | extra
CHAN_START   | 1795390583.681511 | PJSIP/carrier-00000004 | ab55a4f9-7224-4de1-8d7c-4896e79ca71e | ab55a4f9-7224-4de1-8d7c-4896e79ca71e |             |               |               | s     |          |             |
HANGUP       | 1795390584.186452 | PJSIP/carrier-00000004 | ab55a4f9-7224-4de1-8d7c-4896e79ca71e | ab55a4f9-7224-4de1-8d7c-4896e79ca71e | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             | {"hangupcause":17,"hangupsource":"PJSIP/carrier-00000004","dialstatus":""}
CHAN_END     | 1795390584.186452 | PJSIP/carrier-00000004 | ab55a4f9-7224-4de1-8d7c-4896e79ca71e | ab55a4f9-7224-4de1-8d7c-4896e79ca71e | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             |
LINKEDID_END | 1795390584.186452 | PJSIP/carrier-00000004 | ab55a4f9-7224-4de1-8d7c-4896e79ca71e | ab55a4f9-7224-4de1-8d7c-4896e79ca71e | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             |
"""

REJECTED = """
eventtype    | eventtime         | channame               | uniqueid                             | linkedid                             | accountcode | cid_num       | cid_ani       | exten | appname  | userdeftype | extra
CHAN_START   | 1795390585.483245 | PJSIP/carrier-00000007 | f9bbef92-b0b4-4074-bd21-bd7d5dd93674 | f9bbef92-b0b4-4074-bd21-bd7d5dd93674 |             |               |               | s     |          |             |
HANGUP       | 1795390585.988231 | PJSIP/carrier-00000007 | f9bbef92-b0b4-4074-bd21-bd7d5dd93674 | f9bbef92-b0b4-4074-bd21-bd7d5dd93674 | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             | {"hangupcause":21,"hangupsource":"PJSIP/carrier-00000007","dialstatus":""}
CHAN_END     | 1795390585.988231 | PJSIP/carrier-00000007 | f9bbef92-b0b4-4074-bd21-bd7d5dd93674 | f9bbef92-b0b4-4074-bd21-bd7d5dd93674 | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             |
LINKEDID_END | 1795390585.988231 | PJSIP/carrier-00000007 | f9bbef92-b0b4-4074-bd21-bd7d5dd93674 | f9bbef92-b0b4-4074-bd21-bd7d5dd93674 | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             |
"""

INVALID = """
eventtype    | eventtime         | channame               | uniqueid                             | linkedid                             | accountcode | cid_num       | cid_ani       | exten | appname  | userdeftype | extra
CHAN_START   | 1795390586.083723 | PJSIP/carrier-00000008 | c4c64772-1ffa-4671-a397-b2aca6c8a36b | c4c64772-1ffa-4671-a397-b2aca6c8a36b |             |               |               | s     |          |             |
HANGUP       | 1795390586.087165 | PJSIP/carrier-00000008 | c4c64772-1ffa-4671-a397-b2aca6c8a36b | c4c64772-1ffa-4671-a397-b2aca6c8a36b | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             | {"hangupcause":1,"hangupsource":"PJSIP/carrier-00000008","dialstatus":""}
CHAN_END     | 1795390586.087165 | PJSIP/carrier-00000008 | c4c64772-1ffa-4671-a397-b2aca6c8a36b | c4c64772-1ffa-4671-a397-b2aca6c8a36b | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             |
LINKEDID_END | 1795390586.087165 | PJSIP/carrier-00000008 | c4c64772-1ffa-4671-a397-b2aca6c8a36b | c4c64772-1ffa-4671-a397-b2aca6c8a36b | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             |
"""

CONGESTION = """
eventtype    | eventtime         | channame               | uniqueid                             | linkedid                             | accountcode | cid_num       | cid_ani       | exten | appname  | userdeftype | extra
CHAN_START   | 1795390589.086451 | PJSIP/carrier-0000000e | 0e5a2e53-8126-405d-822b-261cd465794e | 0e5a2e53-8126-405d-822b-261cd465794e |             |               |               | s     |          |             |
HANGUP       | 1795390589.591420 | PJSIP/carrier-0000000e | 0e5a2e53-8126-405d-822b-261cd465794e | 0e5a2e53-8126-405d-822b-261cd465794e | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             | {"hangupcause":34,"hangupsource":"PJSIP/carrier-0000000e","dialstatus":""}
CHAN_END     | 1795390589.591420 | PJSIP/carrier-0000000e | 0e5a2e53-8126-405d-822b-261cd465794e | 0e5a2e53-8126-405d-822b-261cd465794e | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             |
LINKEDID_END | 1795390589.591420 | PJSIP/carrier-0000000e | 0e5a2e53-8126-405d-822b-261cd465794e | 0e5a2e53-8126-405d-822b-261cd465794e | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             |
"""

NETWORK_CANCELS = """
eventtype    | eventtime         | channame               | uniqueid                             | linkedid                             | accountcode | cid_num       | cid_ani       | exten | appname  | userdeftype | extra
CHAN_START   | 1795390589.687511 | PJSIP/carrier-00000010 | 208ae3ad-7426-40cd-bcfa-a13d315ed06c | 208ae3ad-7426-40cd-bcfa-a13d315ed06c |             |               |               | s     |          |             |
HANGUP       | 1795390590.194719 | PJSIP/carrier-00000010 | 208ae3ad-7426-40cd-bcfa-a13d315ed06c | 208ae3ad-7426-40cd-bcfa-a13d315ed06c | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             | {"hangupcause":127,"hangupsource":"PJSIP/carrier-00000010","dialstatus":""}
CHAN_END     | 1795390590.194719 | PJSIP/carrier-00000010 | 208ae3ad-7426-40cd-bcfa-a13d315ed06c | 208ae3ad-7426-40cd-bcfa-a13d315ed06c | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             |
LINKEDID_END | 1795390590.194719 | PJSIP/carrier-00000010 | 208ae3ad-7426-40cd-bcfa-a13d315ed06c | 208ae3ad-7426-40cd-bcfa-a13d315ed06c | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             |
"""

NETWORK_GIVES_UP = """
eventtype    | eventtime         | channame               | uniqueid                             | linkedid                             | accountcode | cid_num       | cid_ani       | exten | appname  | userdeftype | extra
CHAN_START   | 1795390584.882671 | PJSIP/carrier-00000006 | 3fba08d2-edc4-4df8-bae8-498d1421a1e3 | 3fba08d2-edc4-4df8-bae8-498d1421a1e3 |             |               |               | s     |          |             |
HANGUP       | 1795390585.886769 | PJSIP/carrier-00000006 | 3fba08d2-edc4-4df8-bae8-498d1421a1e3 | 3fba08d2-edc4-4df8-bae8-498d1421a1e3 | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             | {"hangupcause":19,"hangupsource":"PJSIP/carrier-00000006","dialstatus":""}
CHAN_END     | 1795390585.886769 | PJSIP/carrier-00000006 | 3fba08d2-edc4-4df8-bae8-498d1421a1e3 | 3fba08d2-edc4-4df8-bae8-498d1421a1e3 | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             |
LINKEDID_END | 1795390585.886769 | PJSIP/carrier-00000006 | 3fba08d2-edc4-4df8-bae8-498d1421a1e3 | 3fba08d2-edc4-4df8-bae8-498d1421a1e3 | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             |
"""

NO_ANSWER = """
eventtype    | eventtime         | channame               | uniqueid                             | linkedid                             | accountcode | cid_num       | cid_ani       | exten | appname  | userdeftype | extra
CHAN_START   | 1795390584.282042 | PJSIP/carrier-00000005 | a8265e8b-8f83-4a3e-9fdc-038119c6cf72 | a8265e8b-8f83-4a3e-9fdc-038119c6cf72 |             |               |               | s     |          |             |
HANGUP       | 1795390587.287417 | PJSIP/carrier-00000005 | a8265e8b-8f83-4a3e-9fdc-038119c6cf72 | a8265e8b-8f83-4a3e-9fdc-038119c6cf72 | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             | {"hangupcause":19,"hangupsource":"dialplan/builtin","dialstatus":""}
CHAN_END     | 1795390587.287417 | PJSIP/carrier-00000005 | a8265e8b-8f83-4a3e-9fdc-038119c6cf72 | a8265e8b-8f83-4a3e-9fdc-038119c6cf72 | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             |
LINKEDID_END | 1795390587.287417 | PJSIP/carrier-00000005 | a8265e8b-8f83-4a3e-9fdc-038119c6cf72 | a8265e8b-8f83-4a3e-9fdc-038119c6cf72 | autumn      | +861062220001 | +861062220001 | s     | AppDial2 |             |
"""

MACHINE = """
eventtype    | eventtime         | channame               | uniqueid                             | linkedid                             | accountcode | cid_num        | cid_ani       | exten   | appname         | userdeftype   | extra
CHAN_START   | 1795390586.684238 | PJSIP/carrier-00000009 | e439197f-d519-46b3-a6fc-44ea5fe93bf9 | e439197f-d519-46b3-a6fc-44ea5fe93bf9 |             |                |               | s       |                 |               |
ANSWER       | 1795390586.887469 | PJSIP/carrier-00000009 | e439197f-d519-46b3-a6fc-44ea5fe93bf9 | e439197f-d519-46b3-a6fc-44ea5fe93bf9 | autumn      | +861062220001  | +861062220001 | s       | AppDial2        |               |
APP_START    | 1795390586.888136 | PJSIP/carrier-00000009 | e439197f-d519-46b3-a6fc-44ea5fe93bf9 | e439197f-d519-46b3-a6fc-44ea5fe93bf9 | autumn      | +8613970010001 | +861062220001 | detect  | AMD             |               |
USER_DEFINED | 1795390589.508356 | PJSIP/carrier-00000009 | e439197f-d519-46b3-a6fc-44ea5fe93bf9 | e439197f-d519-46b3-a6fc-44ea5fe93bf9 | autumn      | +8613970010001 | +861062220001 | detect  | CELGenUserEvent | CALLFLOOR_AMD | {"extra":"MACHINE|LONGGREETING-1500-1500"}
HANGUP       | 1795390589.509846 | PJSIP/carrier-00000009 | e439197f-d519-46b3-a6fc-44ea5fe93bf9 | e439197f-d519-46b3-a6fc-44ea5fe93bf9 | autumn      | +8613970010001 | +861062220001 | machine | AppDial2        |               | {"hangupcause":16,"hangupsource":"dialplan/builtin","dialstatus":""}
CHAN_END     | 1795390589.509846 | PJSIP/carrier-00000009 | e439197f-d519-46b3-a6fc-44ea5fe93bf9 | e439197f-d519-46b3-a6fc-44ea5fe93bf9 | autumn      | +8613970010001 | +861062220001 | machine | AppDial2        |               |
LINKEDID_END | 1795390589.509846 | PJSIP/carrier-00000009 | e439197f-d519-46b3-a6fc-44ea5fe93bf9 | e439197f-d519-46b3-a6fc-44ea5fe93bf9 | autumn      | +8613970010001 | +861062220001 | machine | AppDial2        |               |
"""

HUMAN = """
eventtype    | eventtime         | channame                  | uniqueid                             | linkedid                             | accountcode | cid_num        | cid_ani       | exten  | appname         | userdeftype   | extra
CHAN_START   | 1795390587.284727 | PJSIP/carrier-0000000a    | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | 0d8bc051-18ad-47a9-88c2-18494bbec6ad |             |                |               | s      |                 |               |
ANSWER       | 1795390587.488459 | PJSIP/carrier-0000000a    | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | autumn      | +861062220001  | +861062220001 | s      | AppDial2        |               |
APP_START    | 1795390587.489281 | PJSIP/carrier-0000000a    | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | autumn      | +8613971006001 | +861062220001 | detect | AMD             |               |
USER_DEFINED | 1795390589.469418 | PJSIP/carrier-0000000a    | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | autumn      | +8613971006001 | +861062220001 | detect | CELGenUserEvent | CALLFLOOR_AMD | {"extra":"HUMAN|HUMAN-800-800"}
APP_START    | 1795390589.469590 | PJSIP/carrier-0000000a    | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | autumn      | +8613971006001 | +861062220001 | agent  | Queue           |               |
CHAN_START   | 1795390589.470026 | PJSIP/agent-1001-0000000f | 1795390589.28                        | 0d8bc051-18ad-47a9-88c2-18494bbec6ad |             | 1001           |               | s      |                 |               |
ANSWER       | 1795390589.472425 | PJSIP/agent-1001-0000000f | 1795390589.28                        | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | autumn      | 1001           | 1001          | agent  | AppQueue        |               |
BRIDGE_ENTER | 1795390589.472990 | PJSIP/agent-1001-0000000f | 1795390589.28                        | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | autumn      | 1001           | 1001          | agent  | AppQueue        |               | {"bridge_id":"b2def690-fe8b-49ad-b0af-378e6b33b019","bridge_technology":"simple_bridge"}
BRIDGE_ENTER | 1795390589.473268 | PJSIP/carrier-0000000a    | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | autumn      | +8613971006001 | +861062220001 | agent  | Queue           |               | {"bridge_id":"b2def690-fe8b-49ad-b0af-378e6b33b019","bridge_technology":"simple_bridge"}
BRIDGE_EXIT  | 1795390593.989846 | PJSIP/carrier-0000000a    | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | autumn      | +8613971006001 | +861062220001 | agent  | Queue           |               | {"bridge_id":"b2def690-fe8b-49ad-b0af-378e6b33b019","bridge_technology":"simple_bridge"}
BRIDGE_EXIT  | 1795390593.990021 | PJSIP/agent-1001-0000000f | 1795390589.28                        | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | autumn      | 1001           | 1001          | agent  | AppQueue        |               | {"bridge_id":"b2def690-fe8b-49ad-b0af-378e6b33b019","bridge_technology":"simple_bridge"}
HANGUP       | 1795390593.990501 | PJSIP/agent-1001-0000000f | 1795390589.28                        | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | autumn      | 1001           | 1001          | agent  | AppQueue        |               | {"hangupcause":16,"hangupsource":"PJSIP/carrier-0000000a","dialstatus":""}
CHAN_END     | 1795390593.990501 | PJSIP/agent-1001-0000000f | 1795390589.28                        | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | autumn      | 1001           | 1001          | agent  | AppQueue        |               |
HANGUP       | 1795390593.991529 | PJSIP/carrier-0000000a    | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | autumn      | +8613971006001 | +861062220001 | agent  | AppDial2        |               | {"hangupcause":16,"hangupsource":"PJSIP/carrier-0000000a","dialstatus":"ANSWER"}
CHAN_END     | 1795390593.991529 | PJSIP/carrier-0000000a    | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | autumn      | +8613971006001 | +861062220001 | agent  | AppDial2        |               |
LINKEDID_END | 1795390593.991529 | PJSIP/carrier-0000000a    | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | 0d8bc051-18ad-47a9-88c2-18494bbec6ad | autumn      | +8613971006001 | +861062220001 | agent  | AppDial2        |               |
"""

ABANDONED = """
eventtype    | eventtime         | channame               | uniqueid                             | linkedid                             | accountcode | cid_num        | cid_ani       | exten | appname         | userdeftype         | extra
CHAN_START   | 1795390588.485697 | PJSIP/carrier-0000000d | cf26943a-1049-4b02-a9dc-f041f147f1c3 | cf26943a-1049-4b02-a9dc-f041f147f1c3 |             |                |               | s     |                 |                     |
ANSWER       | 1795390588.688809 | PJSIP/carrier-0000000d | cf26943a-1049-4b02-a9dc-f041f147f1c3 | cf26943a-1049-4b02-a9dc-f041f147f1c3 | autumn      | +861062220001  | +861062220001 | s     | AppDial2        |                     |
APP_START    | 1795390588.689679 | PJSIP/carrier-0000000d | cf26943a-1049-4b02-a9dc-f041f147f1c3 | cf26943a-1049-4b02-a9dc-f041f147f1c3 | autumn      | +8613901060001 | +861062220001 | agent | Queue           |                     |
USER_DEFINED | 1795390590.691486 | PJSIP/carrier-0000000d | cf26943a-1049-4b02-a9dc-f041f147f1c3 | cf26943a-1049-4b02-a9dc-f041f147f1c3 | autumn      | +8613901060001 | +861062220001 | agent | CELGenUserEvent | CALLFLOOR_ABANDONED | {"extra":"TIMEOUT"}
HANGUP       | 1795390593.914258 | PJSIP/carrier-0000000d | cf26943a-1049-4b02-a9dc-f041f147f1c3 | cf26943a-1049-4b02-a9dc-f041f147f1c3 | autumn      | +8613901060001 | +861062220001 | agent | AppDial2        |                     | {"hangupcause":16,"hangupsource":"dialplan/builtin","dialstatus":""}
CHAN_END     | 1795390593.914258 | PJSIP/carrier-0000000d | cf26943a-1049-4b02-a9dc-f041f147f1c3 | cf26943a-1049-4b02-a9dc-f041f147f1c3 | autumn      | +8613901060001 | +861062220001 | agent | AppDial2        |                     |
LINKEDID_END | 1795390593.914258 | PJSIP/carrier-0000000d | cf26943a-1049-4b02-a9dc-f041f147f1c3 | cf26943a-1049-4b02-a9dc-f041f147f1c3 | autumn      | +8613901060001 | +861062220001 | agent | AppDial2        |                     |
"""

CUSTOMER_LEAVES = """
eventtype    | eventtime         | channame               | uniqueid                             | linkedid                             | accountcode | cid_num        | cid_ani       | exten | appname  | userdeftype | extra
CHAN_START   | 1795390590.288094 | PJSIP/carrier-00000011 | aad5c25e-4f9e-4fd8-a1bc-103ce0cec107 | aad5c25e-4f9e-4fd8-a1bc-103ce0cec107 |             |                |               | s     |          |             |
ANSWER       | 1795390590.491933 | PJSIP/carrier-00000011 | aad5c25e-4f9e-4fd8-a1bc-103ce0cec107 | aad5c25e-4f9e-4fd8-a1bc-103ce0cec107 | autumn      | +861062220001  | +861062220001 | s     | AppDial2 |             |
APP_START    | 1795390590.492957 | PJSIP/carrier-00000011 | aad5c25e-4f9e-4fd8-a1bc-103ce0cec107 | aad5c25e-4f9e-4fd8-a1bc-103ce0cec107 | autumn      | +8613901010001 | +861062220001 | agent | Queue    |             |
HANGUP       | 1795390591.995345 | PJSIP/carrier-00000011 | aad5c25e-4f9e-4fd8-a1bc-103ce0cec107 | aad5c25e-4f9e-4fd8-a1bc-103ce0cec107 | autumn      | +8613901010001 | +861062220001 | agent | AppDial2 |             | {"hangupcause":16,"hangupsource":"PJSIP/carrier-00000011","dialstatus":""}
CHAN_END     | 1795390591.995345 | PJSIP/carrier-00000011 | aad5c25e-4f9e-4fd8-a1bc-103ce0cec107 | aad5c25e-4f9e-4fd8-a1bc-103ce0cec107 | autumn      | +8613901010001 | +861062220001 | agent | AppDial2 |             |
LINKEDID_END | 1795390591.995345 | PJSIP/carrier-00000011 | aad5c25e-4f9e-4fd8-a1bc-103ce0cec107 | aad5c25e-4f9e-4fd8-a1bc-103ce0cec107 | autumn      | +8613901010001 | +861062220001 | agent | AppDial2 |             |
"""

CUT_TALKING = """
eventtype    | eventtime         | channame                  | uniqueid                             | linkedid                             | accountcode | cid_num        | cid_ani       | exten | appname  | userdeftype | extra
CHAN_START   | 1795390610.889095 | PJSIP/carrier-00000012    | 01015997-79e4-426a-a6c8-8aafb1d28122 | 01015997-79e4-426a-a6c8-8aafb1d28122 |             |                |               | s     |          |             |
ANSWER       | 1795390611.093763 | PJSIP/carrier-00000012    | 01015997-79e4-426a-a6c8-8aafb1d28122 | 01015997-79e4-426a-a6c8-8aafb1d28122 | autumn      | +861062220001  | +861062220001 | s     | AppDial2 |             |
APP_START    | 1795390611.094577 | PJSIP/carrier-00000012    | 01015997-79e4-426a-a6c8-8aafb1d28122 | 01015997-79e4-426a-a6c8-8aafb1d28122 | autumn      | +8613902060001 | +861062220001 | agent | Queue    |             |
CHAN_START   | 1795390611.095245 | PJSIP/agent-1004-00000014 | 1795390611.44                        | 01015997-79e4-426a-a6c8-8aafb1d28122 |             | 1004           |               | s     |          |             |
ANSWER       | 1795390611.097745 | PJSIP/agent-1004-00000014 | 1795390611.44                        | 01015997-79e4-426a-a6c8-8aafb1d28122 | autumn      | 1004           | 1004          | agent | AppQueue |             |
BRIDGE_ENTER | 1795390611.098260 | PJSIP/agent-1004-00000014 | 1795390611.44                        | 01015997-79e4-426a-a6c8-8aafb1d28122 | autumn      | 1004           | 1004          | agent | AppQueue |             | {"bridge_id":"d447e872-54b0-4000-a5b8-a0fd73d2b772","bridge_technology":"simple_bridge"}
BRIDGE_ENTER | 1795390611.098496 | PJSIP/carrier-00000012    | 01015997-79e4-426a-a6c8-8aafb1d28122 | 01015997-79e4-426a-a6c8-8aafb1d28122 | autumn      | +8613902060001 | +861062220001 | agent | Queue    |             | {"bridge_id":"d447e872-54b0-4000-a5b8-a0fd73d2b772","bridge_technology":"simple_bridge"}
"""

CUT_RINGING = """
eventtype  | eventtime         | channame               | uniqueid                             | linkedid                             | accountcode | cid_num | cid_ani | exten | appname | userdeftype | extra
CHAN_START | 1795390610.889490 | PJSIP/carrier-00000013 | 18571161-5936-4f1c-b192-ad7933887beb | 18571161-5936-4f1c-b192-ad7933887beb |             |         |         | s     |         |             |
"""

ASTERISK_16_CUSTOMER = """
eventtype    | eventtime         | channame                  | uniqueid                             | linkedid                             | accountcode | cid_num        | cid_ani       | exten | appname  | userdeftype | extra
CHAN_START   | 1795390782.891745 | PJSIP/carrier-00000000    | c7ff1751-74f3-40c4-b619-574f9417db64 | c7ff1751-74f3-40c4-b619-574f9417db64 |             |                |               | s     |          |             |
ANSWER       | 1795390783.098802 | PJSIP/carrier-00000000    | c7ff1751-74f3-40c4-b619-574f9417db64 | c7ff1751-74f3-40c4-b619-574f9417db64 | autumn      | +861062220001  | +861062220001 | s     | AppDial2 |             |
APP_START    | 1795390783.099976 | PJSIP/carrier-00000000    | c7ff1751-74f3-40c4-b619-574f9417db64 | c7ff1751-74f3-40c4-b619-574f9417db64 | autumn      | +8613901030001 | +861062220001 | agent | Queue    |             |
CHAN_START   | 1795390783.100624 | PJSIP/agent-1004-00000001 | 1795390783.4                         | c7ff1751-74f3-40c4-b619-574f9417db64 |             | 1004           |               | s     |          |             |
ANSWER       | 1795390783.104747 | PJSIP/agent-1004-00000001 | 1795390783.4                         | c7ff1751-74f3-40c4-b619-574f9417db64 | autumn      | 1004           | 1004          | agent | AppQueue |             |
BRIDGE_ENTER | 1795390783.105712 | PJSIP/agent-1004-00000001 | 1795390783.4                         | c7ff1751-74f3-40c4-b619-574f9417db64 | autumn      | 1004           | 1004          | agent | AppQueue |             | {"bridge_id":"1023e853-db3d-414e-bfae-9a4a5570a2b0","bridge_technology":"simple_bridge"}
BRIDGE_ENTER | 1795390783.105882 | PJSIP/carrier-00000000    | c7ff1751-74f3-40c4-b619-574f9417db64 | c7ff1751-74f3-40c4-b619-574f9417db64 | autumn      | +8613901030001 | +861062220001 | agent | Queue    |             | {"bridge_id":"1023e853-db3d-414e-bfae-9a4a5570a2b0","bridge_technology":"simple_bridge"}
BRIDGE_EXIT  | 1795390786.600611 | PJSIP/carrier-00000000    | c7ff1751-74f3-40c4-b619-574f9417db64 | c7ff1751-74f3-40c4-b619-574f9417db64 | autumn      | +8613901030001 | +861062220001 | agent | Queue    |             | {"bridge_id":"1023e853-db3d-414e-bfae-9a4a5570a2b0","bridge_technology":"simple_bridge"}
BRIDGE_EXIT  | 1795390786.601025 | PJSIP/agent-1004-00000001 | 1795390783.4                         | c7ff1751-74f3-40c4-b619-574f9417db64 | autumn      | 1004           | 1004          | agent | AppQueue |             | {"bridge_id":"1023e853-db3d-414e-bfae-9a4a5570a2b0","bridge_technology":"simple_bridge"}
HANGUP       | 1795390786.601738 | PJSIP/agent-1004-00000001 | 1795390783.4                         | c7ff1751-74f3-40c4-b619-574f9417db64 | autumn      | 1004           | 1004          | agent | AppQueue |             | {"hangupcause":16,"hangupsource":"PJSIP/carrier-00000000","dialstatus":""}
CHAN_END     | 1795390786.601908 | PJSIP/agent-1004-00000001 | 1795390783.4                         | c7ff1751-74f3-40c4-b619-574f9417db64 | autumn      | 1004           | 1004          | agent | AppQueue |             |
HANGUP       | 1795390786.601972 | PJSIP/carrier-00000000    | c7ff1751-74f3-40c4-b619-574f9417db64 | c7ff1751-74f3-40c4-b619-574f9417db64 | autumn      | +8613901030001 | +861062220001 | agent | AppDial2 |             | {"hangupcause":16,"hangupsource":"PJSIP/carrier-00000000","dialstatus":"ANSWER"}
CHAN_END     | 1795390786.601980 | PJSIP/carrier-00000000    | c7ff1751-74f3-40c4-b619-574f9417db64 | c7ff1751-74f3-40c4-b619-574f9417db64 | autumn      | +8613901030001 | +861062220001 | agent | AppDial2 |             |
LINKEDID_END | 1795390786.601980 | PJSIP/carrier-00000000    | c7ff1751-74f3-40c4-b619-574f9417db64 | c7ff1751-74f3-40c4-b619-574f9417db64 | autumn      | +8613901030001 | +861062220001 | agent | AppDial2 |             |
"""

ASTERISK_16_NO_ANSWER = """
eventtype    | eventtime         | channame               | uniqueid                             | linkedid                             | accountcode | cid_num       | cid_ani       | exten | appname         | userdeftype      | extra
CHAN_START   | 1795390784.693769 | PJSIP/carrier-00000005 | 42841ab4-91e7-4fe2-9ff0-866e7b4cc396 | 42841ab4-91e7-4fe2-9ff0-866e7b4cc396 |             |               |               | s     |                 |                  |
USER_DEFINED | 1795390787.699084 | PJSIP/carrier-00000005 | 42841ab4-91e7-4fe2-9ff0-866e7b4cc396 | 42841ab4-91e7-4fe2-9ff0-866e7b4cc396 | autumn      | +861062220001 | +861062220001 | s     | CELGenUserEvent | CALLFLOOR_RESULT | {"extra":"180|Normal Clearing"}
HANGUP       | 1795390787.699598 | PJSIP/carrier-00000005 | 42841ab4-91e7-4fe2-9ff0-866e7b4cc396 | 42841ab4-91e7-4fe2-9ff0-866e7b4cc396 | autumn      | +861062220001 | +861062220001 | s     | AppDial2        |                  | {"hangupcause":0,"hangupsource":"","dialstatus":""}
CHAN_END     | 1795390787.699788 | PJSIP/carrier-00000005 | 42841ab4-91e7-4fe2-9ff0-866e7b4cc396 | 42841ab4-91e7-4fe2-9ff0-866e7b4cc396 | autumn      | +861062220001 | +861062220001 | s     | AppDial2        |                  |
LINKEDID_END | 1795390787.699788 | PJSIP/carrier-00000005 | 42841ab4-91e7-4fe2-9ff0-866e7b4cc396 | 42841ab4-91e7-4fe2-9ff0-866e7b4cc396 | autumn      | +861062220001 | +861062220001 | s     | AppDial2        |                  |
"""

ASTERISK_16_AGENT = """
eventtype    | eventtime         | channame                  | uniqueid                             | linkedid                             | accountcode | cid_num        | cid_ani       | exten | appname  | userdeftype | extra
CHAN_START   | 1795390783.492587 | PJSIP/carrier-00000002    | b7a3eca7-98ee-4663-925e-b7458ca5f364 | b7a3eca7-98ee-4663-925e-b7458ca5f364 |             |                |               | s     |          |             |
ANSWER       | 1795390783.698539 | PJSIP/carrier-00000002    | b7a3eca7-98ee-4663-925e-b7458ca5f364 | b7a3eca7-98ee-4663-925e-b7458ca5f364 | autumn      | +861062220001  | +861062220001 | s     | AppDial2 |             |
APP_START    | 1795390783.700220 | PJSIP/carrier-00000002    | b7a3eca7-98ee-4663-925e-b7458ca5f364 | b7a3eca7-98ee-4663-925e-b7458ca5f364 | autumn      | +8613903030001 | +861062220001 | agent | Queue    |             |
CHAN_START   | 1795390783.700923 | PJSIP/agent-1003-00000003 | 1795390783.13                        | b7a3eca7-98ee-4663-925e-b7458ca5f364 |             | 1003           |               | s     |          |             |
ANSWER       | 1795390783.704822 | PJSIP/agent-1003-00000003 | 1795390783.13                        | b7a3eca7-98ee-4663-925e-b7458ca5f364 | autumn      | 1003           | 1003          | agent | AppQueue |             |
BRIDGE_ENTER | 1795390783.706407 | PJSIP/agent-1003-00000003 | 1795390783.13                        | b7a3eca7-98ee-4663-925e-b7458ca5f364 | autumn      | 1003           | 1003          | agent | AppQueue |             | {"bridge_id":"5c443b57-9a4a-46c0-98c5-bfabd3c3050d","bridge_technology":"simple_bridge"}
BRIDGE_ENTER | 1795390783.706825 | PJSIP/carrier-00000002    | b7a3eca7-98ee-4663-925e-b7458ca5f364 | b7a3eca7-98ee-4663-925e-b7458ca5f364 | autumn      | +8613903030001 | +861062220001 | agent | Queue    |             | {"bridge_id":"5c443b57-9a4a-46c0-98c5-bfabd3c3050d","bridge_technology":"simple_bridge"}
BRIDGE_EXIT  | 1795390787.206915 | PJSIP/agent-1003-00000003 | 1795390783.13                        | b7a3eca7-98ee-4663-925e-b7458ca5f364 | autumn      | 1003           | 1003          | agent | AppQueue |             | {"bridge_id":"5c443b57-9a4a-46c0-98c5-bfabd3c3050d","bridge_technology":"simple_bridge"}
BRIDGE_EXIT  | 1795390787.207198 | PJSIP/carrier-00000002    | b7a3eca7-98ee-4663-925e-b7458ca5f364 | b7a3eca7-98ee-4663-925e-b7458ca5f364 | autumn      | +8613903030001 | +861062220001 | agent | Queue    |             | {"bridge_id":"5c443b57-9a4a-46c0-98c5-bfabd3c3050d","bridge_technology":"simple_bridge"}
HANGUP       | 1795390787.207823 | PJSIP/agent-1003-00000003 | 1795390783.13                        | b7a3eca7-98ee-4663-925e-b7458ca5f364 | autumn      | 1003           | 1003          | agent | AppQueue |             | {"hangupcause":16,"hangupsource":"PJSIP/agent-1003-00000003","dialstatus":""}
CHAN_END     | 1795390787.207834 | PJSIP/agent-1003-00000003 | 1795390783.13                        | b7a3eca7-98ee-4663-925e-b7458ca5f364 | autumn      | 1003           | 1003          | agent | AppQueue |             |
HANGUP       | 1795390787.208023 | PJSIP/carrier-00000002    | b7a3eca7-98ee-4663-925e-b7458ca5f364 | b7a3eca7-98ee-4663-925e-b7458ca5f364 | autumn      | +8613903030001 | +861062220001 | agent | AppDial2 |             | {"hangupcause":16,"hangupsource":"PJSIP/agent-1003-00000003","dialstatus":"ANSWER"}
CHAN_END     | 1795390787.208040 | PJSIP/carrier-00000002    | b7a3eca7-98ee-4663-925e-b7458ca5f364 | b7a3eca7-98ee-4663-925e-b7458ca5f364 | autumn      | +8613903030001 | +861062220001 | agent | AppDial2 |             |
LINKEDID_END | 1795390787.208040 | PJSIP/carrier-00000002    | b7a3eca7-98ee-4663-925e-b7458ca5f364 | b7a3eca7-98ee-4663-925e-b7458ca5f364 | autumn      | +8613903030001 | +861062220001 | agent | AppDial2 |             |
"""

TRANSFER = """
eventtype    | eventtime         | channame                  | uniqueid                             | linkedid                             | accountcode | extra
CHAN_START   | 1795390600.000000 | PJSIP/carrier-00000000    | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 |             |
ANSWER       | 1795390601.000000 | PJSIP/carrier-00000000    | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      |
CHAN_START   | 1795390601.100000 | PJSIP/agent-1001-00000001 | 1795390601.1                         | 762ac921-9c99-4442-8060-1acfd7b55e19 |             |
BRIDGE_ENTER | 1795390602.000000 | PJSIP/agent-1001-00000001 | 1795390601.1                         | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | {"bridge_id":"b-1","bridge_technology":"simple_bridge"}
BRIDGE_ENTER | 1795390602.000001 | PJSIP/carrier-00000000    | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | {"bridge_id":"b-1","bridge_technology":"simple_bridge"}
BRIDGE_ENTER | 1795390602.000002 | PJSIP/carrier-00000000    | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | {"bridge_id":"b-1","bridge_technology":"simple_bridge"}
CHAN_START   | 1795390603.000000 | PJSIP/agent-1002-00000002 | 1795390603.2                         | 1795390603.2                         |             |
BRIDGE_ENTER | 1795390610.000001 | PJSIP/agent-1002-00000002 | 1795390603.2                         | 762ac921-9c99-4442-8060-1acfd7b55e19 |             | {"bridge_id":"b-1","bridge_technology":"softmix"}
LINKEDID_END | 1795390610.000001 | PJSIP/agent-1002-00000002 | 1795390603.2                         | 1795390603.2                         |             |
BRIDGE_EXIT  | 1795390615.000001 | PJSIP/agent-1001-00000001 | 1795390601.1                         | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | {"bridge_id":"b-1","bridge_technology":"softmix"}
HANGUP       | 1795390615.000100 | PJSIP/agent-1001-00000001 | 1795390601.1                         | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | {"hangupcause":16,"hangupsource":"PJSIP/agent-1001-00000001","dialstatus":""}
HANGUP       | 1795390640.000001 | PJSIP/carrier-00000000    | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | {"hangupcause":16,"hangupsource":"PJSIP/carrier-00000000","dialstatus":"ANSWER"}
LINKEDID_END | 1795390640.000001 | PJSIP/carrier-00000000    | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      |
"""

INBOUND = """
eventtype    | eventtime         | channame                  | uniqueid     | linkedid     | cid_num        | exten        | extra
CHAN_START   | 1795390700.000000 | PJSIP/carrier-00000007    | 1795390700.7 | 1795390700.7 | +8613800000001 | 861062220001 |
ANSWER       | 1795390701.000000 | PJSIP/carrier-00000007    | 1795390700.7 | 1795390700.7 | +8613800000001 | inbound      |
BRIDGE_ENTER | 1795390701.500000 | PJSIP/carrier-00000007    | 1795390700.7 | 1795390700.7 | +8613800000001 | inbound      | {"bridge_id":"hold","bridge_technology":"holding_bridge"}
BRIDGE_EXIT  | 1795390704.500000 | PJSIP/carrier-00000007    | 1795390700.7 | 1795390700.7 | +8613800000001 | inbound      | {"bridge_id":"hold","bridge_technology":"holding_bridge"}
CHAN_START   | 1795390704.600000 | PJSIP/agent-1001-00000008 | 1795390704.8 | 1795390700.7 | 1001           | s            |
BRIDGE_ENTER | 1795390705.000000 | PJSIP/agent-1001-00000008 | 1795390704.8 | 1795390700.7 | 1001           | s            | {"bridge_id":"b-2","bridge_technology":"simple_bridge"}
BRIDGE_ENTER | 1795390705.000000 | PJSIP/carrier-00000007    | 1795390700.7 | 1795390700.7 | +8613800000001 | inbound      | {"bridge_id":"b-2","bridge_technology":"simple_bridge"}
HANGUP       | 1795390725.000000 | PJSIP/agent-1001-00000008 | 1795390704.8 | 1795390700.7 | 1001           | s            | {"hangupcause":16,"hangupsource":"PJSIP/agent-1001-00000008"}
HANGUP       | 1795390725.000300 | PJSIP/carrier-00000007    | 1795390700.7 | 1795390700.7 | +8613800000001 | inbound      | {"hangupcause":16,"hangupsource":""}
LINKEDID_END | 1795390725.000300 | PJSIP/carrier-00000007    | 1795390700.7 | 1795390700.7 | +8613800000001 | inbound      |
"""

INTERNAL = """
eventtype    | eventtime         | channame                  | uniqueid     | linkedid     | exten | extra
CHAN_START   | 1795390800.000000 | PJSIP/agent-1001-00000001 | 1795390800.1 | 1795390800.1 | 1002  |
CHAN_START   | 1795390800.100000 | PJSIP/agent-1002-00000002 | 1795390800.2 | 1795390800.1 | s     |
HANGUP       | 1795390805.000000 | PJSIP/agent-1002-00000002 | 1795390800.2 | 1795390800.1 |       | {"hangupcause":17,"hangupsource":""}
HANGUP       | 1795390805.000000 | PJSIP/agent-1001-00000001 | 1795390800.1 | 1795390800.1 | 1002  | {"hangupcause":17,"hangupsource":""}
LINKEDID_END | 1795390805.000000 | PJSIP/agent-1001-00000001 | 1795390800.1 | 1795390800.1 | 1002  |
"""

FORWARDED = """
eventtype    | eventtime         | channame               | uniqueid                             | linkedid                             | accountcode | userdeftype         | extra
CHAN_START   | 1795390600.000000 | PJSIP/carrier-00000000 | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 |             |                     |
ANSWER       | 1795390601.000000 | PJSIP/carrier-00000000 | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      |                     |
USER_DEFINED | 1795390601.000100 | PJSIP/carrier-00000000 | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      | CALLFLOOR_FORWARDED | {"extra":"+8613800000000"}
HANGUP       | 1795390603.000000 | PJSIP/carrier-00000000 | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      |                     | {"hangupcause":16,"hangupsource":"PJSIP/carrier-00000000","dialstatus":""}
LINKEDID_END | 1795390603.000000 | PJSIP/carrier-00000000 | 762ac921-9c99-4442-8060-1acfd7b55e19 | 762ac921-9c99-4442-8060-1acfd7b55e19 | autumn      |                     |
"""
