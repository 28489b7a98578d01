-- A store of layout 7, as the canvass of that layout made it: two versions of the form layout-7-form.csv, repeats, own texts,
-- lines, remarks, revisions, and what is in quarantine.  The responses are invented.
PRAGMA page_size = 16384;
PRAGMA application_id = 1129207379;
PRAGMA user_version = 7;
BEGIN TRANSACTION;
CREATE TABLE answers_1_0_0 (id INTEGER PRIMARY KEY, line, q0, q1, q2, q3, q4, q5, q6, q7, q8, verdicts, lines, own);
INSERT INTO "answers_1_0_0" VALUES(1,0,'AA',7,NULL,20512,'soon',1,3,NULL,'a "quote", back\slash
and a line',X'1110110101',X'040205080202020D10',X'0103303037020C20323032362D30322D32382002015901086C617720636F7374');
CREATE TABLE answers_1_1_0 (id INTEGER PRIMARY KEY, line, response, parent, position, q0, q1, verdicts, lines, own);
INSERT INTO "answers_1_1_0" VALUES(1,10,1,1,1,'Ann',41,X'11',X'0002',X'010430303431');
INSERT INTO "answers_1_1_0" VALUES(2,15,1,1,2,'Bo',NULL,X'01',X'0000',NULL);
CREATE TABLE answers_1_2_0 (id INTEGER PRIMARY KEY, line, response, parent, position, q0, q1, verdicts, lines, own);
INSERT INTO "answers_1_2_0" VALUES(1,12,1,1,1,'First',NULL,X'01',X'0000',NULL);
INSERT INTO "answers_1_2_0" VALUES(2,13,1,1,2,'Second',20453,X'11',X'0002',X'010A33312E31322E32303235');
CREATE TABLE answers_2_0_0 (id INTEGER PRIMARY KEY, line, q0, q1, q2, q3, q4, q5, q6, q7, q8, verdicts, lines, own);
INSERT INTO "answers_2_0_0" VALUES(2,2,'BB',3,0.5,20512,NULL,1,3,NULL,NULL,X'1111100100',NULL,X'0204302E3530');
INSERT INTO "answers_2_0_0" VALUES(3,3,'CC',NULL,NULL,NULL,NULL,NULL,6,NULL,NULL,X'6132700100',NULL,X'01046D616E79040770657268617073010974696D6520206C6177');
INSERT INTO "answers_2_0_0" VALUES(4,5,'DD',-1,NULL,NULL,NULL,0,NULL,NULL,NULL,X'8106100000',NULL,X'0203316533');
INSERT INTO "answers_2_0_0" VALUES(5,2,'BB',4,0.25,NULL,37800000,NULL,NULL,NULL,'a	b ☃ end',X'1101010001',NULL,NULL);
INSERT INTO "answers_2_0_0" VALUES(6,3,'EE',5,0.0,NULL,NULL,NULL,NULL,NULL,'␛',X'1101060001',NULL,X'0103C2A03501022D30020532353A3030');
INSERT INTO "answers_2_0_0" VALUES(7,0,'AA',7,NULL,20512,NULL,1,3,NULL,'a "quote", back\slash
and a line',X'1110160101',X'040205080202020D10',X'0103303037020C20323032362D30322D3238200104736F6F6E01015901086C617720636F7374');
CREATE TABLE answers_2_1_0 (id INTEGER PRIMARY KEY, line, response, parent, position, q0, q1, verdicts, lines, own);
INSERT INTO "answers_2_1_0" VALUES(1,3,3,3,1,NULL,NULL,X'60',NULL,X'010178');
INSERT INTO "answers_2_1_0" VALUES(2,5,4,4,1,NULL,7,X'10',NULL,NULL);
INSERT INTO "answers_2_1_0" VALUES(3,10,7,7,1,'Ann',41,X'11',X'0002',X'010430303431');
INSERT INTO "answers_2_1_0" VALUES(4,15,7,7,2,'Bo',NULL,X'01',X'0000',NULL);
CREATE TABLE answers_2_2_0 (id INTEGER PRIMARY KEY, line, response, parent, position, q0, q1, verdicts, lines, own);
INSERT INTO "answers_2_2_0" VALUES(1,3,3,1,1,NULL,20455,X'10',NULL,NULL);
INSERT INTO "answers_2_2_0" VALUES(2,5,4,2,1,NULL,NULL,X'60',NULL,X'0104736F6F6E');
INSERT INTO "answers_2_2_0" VALUES(3,12,7,3,1,'First',NULL,X'01',X'0000',NULL);
INSERT INTO "answers_2_2_0" VALUES(4,13,7,3,2,'Second',20453,X'11',X'0002',X'010A33312E31322E32303235');
CREATE TABLE beside (id INTEGER PRIMARY KEY, name, size, sha256, bytes);
CREATE TABLE choice (form, list, code, name, label, PRIMARY KEY (form, list, code)) WITHOUT ROWID;
INSERT INTO "choice" VALUES(1,0,0,'n','No');
INSERT INTO "choice" VALUES(1,0,1,'y','Yes');
INSERT INTO "choice" VALUES(1,1,0,'cost','It costs; much');
INSERT INTO "choice" VALUES(1,1,1,'law','Law');
INSERT INTO "choice" VALUES(1,1,2,'time','Time');
INSERT INTO "choice" VALUES(2,0,0,'n','No');
INSERT INTO "choice" VALUES(2,0,1,'y','Yes');
INSERT INTO "choice" VALUES(2,1,0,'cost','It costs; much');
INSERT INTO "choice" VALUES(2,1,1,'law','Law');
INSERT INTO "choice" VALUES(2,1,2,'time','Time');
CREATE TABLE column_map (id INTEGER PRIMARY KEY, form, source, bytes, sha256);
CREATE TABLE draft (id INTEGER PRIMARY KEY, round, respondent, who, form, version, bytes, answered, changed, changed_offset,
	asked, begun, begun_offset);
CREATE TABLE event (id INTEGER PRIMARY KEY, round, number, kind, respondent, file, response, who, happened, happened_offset,
	reason, detail, digest);
INSERT INTO "event" VALUES(1,1,1,'imported','AA',X'C2225CD5735D2A93DC3FF5F7348E6419BD9332D5C9DE0B71060D6342A92B1DF7',1,'Clerk',1796083200000,0,NULL,'a.csv',X'D5BF83933DEA5A9478DA21B0B59D932C15710C8B3655D7C123BCC9C95E06B8DC');
INSERT INTO "event" VALUES(2,2,1,'imported',NULL,X'E7B1B675F5872A5E80C8C65A2779BFB4567868BC9315B755B369B7F59B46698E',NULL,'Clerk',1796083200000,0,NULL,'b.csv',X'DE21095E9CA958FDD8F4FB831FE635A1C9CD3FF26477608AAC1DBA0693E86186');
INSERT INTO "event" VALUES(3,2,2,'quarantined',NULL,X'98458BD33E9EEE17C86008D2DB9E2F6D491A93EDECB4B297FCBFF8689AA4135E',NULL,'Clerk',1796083200000,0,'no column matches a question of the form "invented"; one of them is "are"','d.csv',X'D5008472A050C9E21A96269575FF2DC4CED295AC033BDDF5EAA4D6595B9FB0FA');
INSERT INTO "event" VALUES(4,2,3,'imported',NULL,X'82770D825E7C6EE5BD085CBA89AC65074F3ED8E640C18F64678CB78DE9CAD623',NULL,'Clerk',1796083200000,0,NULL,'c.csv',X'19C043D58898B94C983238861985744930535199C521244BAB596645A6ECEB84');
INSERT INTO "event" VALUES(5,2,4,'imported','AA',X'C2225CD5735D2A93DC3FF5F7348E6419BD9332D5C9DE0B71060D6342A92B1DF7',7,'Clerk',1796083200000,0,NULL,'a.csv',X'F200A60AEE9A61F6EB48F7938DFE39238E2600D29E71372D6E1B95922885F659');
INSERT INTO "event" VALUES(6,2,5,'quarantined',NULL,X'2E0295F6AEEA9933FDED43B9CB3D39A8D4A5418EA435982657F22C89EF53AF0B',NULL,'Clerk',1796083200000,0,'a zero byte: this is not text','e.csv',X'ED7C5C5EC4A5ECA5AFFBEDCF2838474234D53B6601132B0D1278CC74A15BA587');
CREATE TABLE file (id INTEGER PRIMARY KEY, round, form, name, sha256, size, bytes, layout, received, received_offset,
	responses, first, last, quarantined, reading, matched, given, options, program, roster, map, event);
INSERT INTO "file" VALUES(1,1,1,'a.csv',X'C2225CD5735D2A93DC3FF5F7348E6419BD9332D5C9DE0B71060D6342A92B1DF7',294,NULL,1,1796083200000,0,1,1,1,0,'dates day first',1,'','{}','0.1.0',1,NULL,1);
INSERT INTO "file" VALUES(2,2,2,'b.csv',X'E7B1B675F5872A5E80C8C65A2779BFB4567868BC9315B755B369B7F59B46698E',183,NULL,2,1796083200000,0,4,2,4,0,NULL,1,'','{}','0.1.0',1,NULL,2);
INSERT INTO "file" VALUES(3,2,2,'d.csv',X'98458BD33E9EEE17C86008D2DB9E2F6D491A93EDECB4B297FCBFF8689AA4135E',22,NULL,2,1796083200000,0,0,NULL,NULL,1,NULL,NULL,'','{}','0.1.0',1,NULL,3);
INSERT INTO "file" VALUES(4,2,2,'c.csv',X'82770D825E7C6EE5BD085CBA89AC65074F3ED8E640C18F64678CB78DE9CAD623',75,NULL,2,1796083200000,0,2,5,6,0,NULL,1,'','{"replace":true}','0.1.0',1,NULL,4);
INSERT INTO "file" VALUES(5,2,2,'a.csv',X'C2225CD5735D2A93DC3FF5F7348E6419BD9332D5C9DE0B71060D6342A92B1DF7',294,NULL,1,1796083200000,0,1,7,7,0,'dates day first',1,'','{"replace":true}','0.1.0',1,NULL,5);
INSERT INTO "file" VALUES(6,2,2,'e.csv',X'2E0295F6AEEA9933FDED43B9CB3D39A8D4A5418EA435982657F22C89EF53AF0B',32,NULL,0,1796083200000,0,0,NULL,NULL,1,NULL,NULL,'','{"replace":true}','0.1.0',1,NULL,6);
CREATE TABLE finding (id INTEGER PRIMARY KEY, file, response, code, severity, verdict, tab, question, path, line, col,
	value, message, hint, sheet);
INSERT INTO "finding" VALUES(1,2,3,502,2,6,0,'ships','ships',3,2,'many','"many" is not a whole number','write digits only, such as 12 or 3000, without separators or words',NULL);
INSERT INTO "finding" VALUES(2,2,3,503,2,7,0,'has','has',3,5,'perhaps','"perhaps" is not in the list "yes"','write the code of one of the 2 choices of list "yes"',NULL);
INSERT INTO "finding" VALUES(3,2,3,502,2,6,1,'crew/age','crew[1]/age',3,7,'x','"x" is not a whole number','write digits only, such as 12 or 3000, without separators or words',NULL);
INSERT INTO "finding" VALUES(4,2,4,505,2,8,0,'ships','ships',5,2,'-1','not below 0','',NULL);
INSERT INTO "finding" VALUES(5,2,4,502,2,6,0,'share','share',5,3,'1e3','"1e3" is not a number','write digits with a point for the decimals, such as 1200.50',NULL);
INSERT INTO "finding" VALUES(6,2,4,502,2,6,2,'crew/paper/issued','crew[1]/paper[1]/issued',5,8,'soon','"soon" is not a date','write year, month and day with hyphens, such as 2026-09-30',NULL);
INSERT INTO "finding" VALUES(7,4,6,502,2,6,0,'at','at',3,5,'25:00','"25:00" is not a time of day','write hours and minutes, such as 14:30',NULL);
INSERT INTO "finding" VALUES(8,5,7,502,2,6,0,'at','at',5,2,'soon','"soon" is not a time of day','write hours and minutes, such as 14:30',NULL);
CREATE TABLE form (id INTEGER PRIMARY KEY, version, name, sha256 UNIQUE, bytes);
INSERT INTO "form" VALUES(1,'1','form1.csv',X'EBE90254FEB1E5C8731D03E0AEC47ABA403CDEBB8E0A42B01222335E3DFC4B55',X'7375727665790A2C747970652C6E616D652C6C6162656C2C636F6E73747261696E742C636F6E73747261696E745F6D6573736167650A2C746578742C77686F2C57686F2C2C0A2C696E74656765722C73686970732C53686970732C2E203E3D20302C6E6F742062656C6F7720300A2C646563696D616C2C73686172652C53686172652C2C0A2C646174652C73696E63652C53696E63652C2C0A2C746578742C61742C41742C2C0A2C73656C6563745F6F6E65207965732C6861732C4861732069742C2C0A2C73656C6563745F6D756C7469706C65207768792C726561736F6E732C526561736F6E732C2C0A2C72616E6B207768792C72616E6B65642C4F726465722C2C0A2C746578742C72656D61726B732C52656D61726B732C2C0A2C626567696E5F7265706561742C637265772C437265772C2C0A2C746578742C6E616D652C4E616D652C2C0A2C696E74656765722C6167652C4167652C2C0A2C626567696E5F7265706561742C70617065722C5061706572732C2C0A2C746578742C7469746C652C5469746C652C2C0A2C646174652C6973737565642C4973737565642C2C0A2C656E645F7265706561742C2C2C2C0A2C656E645F7265706561742C2C2C2C0A63686F696365730A2C6C6973745F6E616D652C6E616D652C6C6162656C0A2C7965732C6E2C4E6F0A2C7965732C792C5965730A2C7768792C636F73742C497420636F7374733B206D7563680A2C7768792C6C61772C4C61770A2C7768792C74696D652C54696D650A73657474696E67730A2C666F726D5F69642C76657273696F6E2C726573706F6E64656E740A2C696E76656E7465642C312C77686F0A');
INSERT INTO "form" VALUES(2,'2','form.csv',X'D29789C01D060E3D23405EA5C610CC46778939C1132B2768EC30D40E61EC3A5C',X'7375727665790A2C747970652C6E616D652C6C6162656C2C636F6E73747261696E742C636F6E73747261696E745F6D6573736167650A2C746578742C77686F2C57686F2C2C0A2C696E74656765722C73686970732C53686970732C2E203E3D20302C6E6F742062656C6F7720300A2C646563696D616C2C73686172652C53686172652C2C0A2C646174652C73696E63652C53696E63652C2C0A2C74696D652C61742C41742C2C0A2C73656C6563745F6F6E65207965732C6861732C4861732069742C2C0A2C73656C6563745F6D756C7469706C65207768792C726561736F6E732C526561736F6E732C2C0A2C72616E6B207768792C72616E6B65642C4F726465722C2C0A2C746578742C72656D61726B732C52656D61726B732C2C0A2C626567696E5F7265706561742C637265772C437265772C2C0A2C746578742C6E616D652C4E616D652C2C0A2C696E74656765722C6167652C4167652C2C0A2C626567696E5F7265706561742C70617065722C5061706572732C2C0A2C746578742C7469746C652C5469746C652C2C0A2C646174652C6973737565642C4973737565642C2C0A2C656E645F7265706561742C2C2C2C0A2C656E645F7265706561742C2C2C2C0A63686F696365730A2C6C6973745F6E616D652C6E616D652C6C6162656C0A2C7965732C6E2C4E6F0A2C7965732C792C5965730A2C7768792C636F73742C497420636F7374733B206D7563680A2C7768792C6C61772C4C61770A2C7768792C74696D652C54696D650A73657474696E67730A2C666F726D5F69642C76657273696F6E2C726573706F6E64656E740A2C696E76656E7465642C322C77686F0A');
CREATE TABLE form_table (form, tab, parent, path, PRIMARY KEY (form, tab)) WITHOUT ROWID;
INSERT INTO "form_table" VALUES(1,0,0,'');
INSERT INTO "form_table" VALUES(1,1,0,'crew');
INSERT INTO "form_table" VALUES(1,2,1,'crew/paper');
INSERT INTO "form_table" VALUES(2,0,0,'');
INSERT INTO "form_table" VALUES(2,1,0,'crew');
INSERT INTO "form_table" VALUES(2,2,1,'crew/paper');
CREATE TABLE judged_with (file, beside, PRIMARY KEY (file, beside)) WITHOUT ROWID;
CREATE TABLE ledger (id INTEGER PRIMARY KEY, file, response, tab, path, line, col, stood, read_as, why, sheet);
INSERT INTO "ledger" VALUES(1,1,1,0,'has',6,2,'Y','y','letter case ignored',NULL);
INSERT INTO "ledger" VALUES(2,1,1,2,'crew[1]/paper[2]/issued',14,2,'31.12.2025','2025-12-31','date read as day, month, year',NULL);
INSERT INTO "ledger" VALUES(3,5,7,0,'has',6,2,'Y','y','letter case ignored',NULL);
INSERT INTO "ledger" VALUES(4,5,7,2,'crew[1]/paper[2]/issued',14,2,'31.12.2025','2025-12-31','date read as day, month, year',NULL);
CREATE TABLE member (roster, position, code, name, PRIMARY KEY (roster, position)) WITHOUT ROWID;
INSERT INTO "member" VALUES(1,0,'AA','Alpha');
INSERT INTO "member" VALUES(1,1,'BB','Beta');
INSERT INTO "member" VALUES(1,2,'CC','Gamma');
INSERT INTO "member" VALUES(1,3,'DD','Delta');
INSERT INTO "member" VALUES(1,4,'EE','Epsilon');
CREATE TABLE notice (id INTEGER PRIMARY KEY, round, respondent, kind, due, reason, happened, happened_offset, day);
CREATE TABLE original (id INTEGER PRIMARY KEY, file, position, name, size, sha256, bytes);
INSERT INTO "original" VALUES(1,1,0,'a.csv',294,X'C2225CD5735D2A93DC3FF5F7348E6419BD9332D5C9DE0B71060D6342A92B1DF7',X'7175657374696F6E2C616E737765722C6E6F74650A77686F2C41410A73686970732C3030372C636F756E74656420696E204D61790A73696E63652C20323032362D30322D3238200A61742C736F6F6E0A6861732C590A726561736F6E732C6C617720636F73740A2272656D61726B73222C226120222271756F746522222C206261636B5C736C6173680A616E642061206C696E65220A637265775B315D2F6E616D652C416E6E0A637265775B315D2F6167652C303034310A637265775B315D2F70617065725B315D2F7469746C652C46697273740A637265775B315D2F70617065725B325D2F7469746C652C5365636F6E640A637265775B315D2F70617065725B325D2F6973737565642C33312E31322E323032350A637265775B325D2F6E616D652C426F0A');
INSERT INTO "original" VALUES(2,2,0,'b.csv',183,X'E7B1B675F5872A5E80C8C65A2779BFB4567868BC9315B755B369B7F59B46698E',X'77686F2C73686970732C73686172652C73696E63652C6861732C726561736F6E732C637265775B315D2F6167652C637265775B315D2F70617065725B315D2F6973737565640A42422C332C302E35302C323032362D30322D32382C792C636F7374206C61772C2C0A43432C6D616E792C4E2F412C442F4B2C706572686170732C74696D6520206C61772C782C323032362D30312D30320A5A5A2C312C2C2C2C2C2C0A44442C2D312C3165332C2C6E2C2C372C736F6F6E0A');
INSERT INTO "original" VALUES(3,3,0,'d.csv',22,X'98458BD33E9EEE17C86008D2DB9E2F6D491A93EDECB4B297FCBFF8689AA4135E',X'74686573652C6172650A6E6F742C616E73776572730A');
INSERT INTO "original" VALUES(4,4,0,'c.csv',75,X'82770D825E7C6EE5BD085CBA89AC65074F3ED8E640C18F64678CB78DE9CAD623',X'77686F2C73686970732C73686172652C72656D61726B732C61740A42422C342C302E32352C61096220E2988320656E642C31303A33300A45452CC2A0352C2D302CE2909B2C32353A30300A');
INSERT INTO "original" VALUES(5,5,0,'a.csv',294,X'C2225CD5735D2A93DC3FF5F7348E6419BD9332D5C9DE0B71060D6342A92B1DF7',X'7175657374696F6E2C616E737765722C6E6F74650A77686F2C41410A73686970732C3030372C636F756E74656420696E204D61790A73696E63652C20323032362D30322D3238200A61742C736F6F6E0A6861732C590A726561736F6E732C6C617720636F73740A2272656D61726B73222C226120222271756F746522222C206261636B5C736C6173680A616E642061206C696E65220A637265775B315D2F6E616D652C416E6E0A637265775B315D2F6167652C303034310A637265775B315D2F70617065725B315D2F7469746C652C46697273740A637265775B315D2F70617065725B325D2F7469746C652C5365636F6E640A637265775B315D2F70617065725B325D2F6973737565642C33312E31322E323032350A637265775B325D2F6E616D652C426F0A');
INSERT INTO "original" VALUES(6,6,0,'e.csv',32,X'2E0295F6AEEA9933FDED43B9CB3D39A8D4A5418EA435982657F22C89EF53AF0B',X'77686F2C73686970732C72656D61726B730A41412C382C6E756C00686572650A');
CREATE TABLE prior (response, path, state, PRIMARY KEY (response, path)) WITHOUT ROWID;
CREATE TABLE quarantine (id INTEGER PRIMARY KEY, round, file, whole, source, line, code, field, message, hint, bytes, sheet,
	claimed, settled);
INSERT INTO "quarantine" VALUES(1,2,2,0,'b.csv',4,691,'who','"ZZ" is not in the roster','correct it in the file, and import the file again',X'225A5A222C2231222C22222C22222C22222C22222C22222C22222C2222',NULL,'ZZ',NULL);
INSERT INTO "quarantine" VALUES(2,2,3,1,'d.csv',1,601,'are','no column matches a question of the form "invented"; one of them is "are"','did you mean "crew[1]/age"?',NULL,NULL,NULL,NULL);
INSERT INTO "quarantine" VALUES(3,2,6,1,'e.csv',2,14,'','a zero byte: this is not text','save it as CSV UTF-8, not as "Unicode text"',NULL,NULL,NULL,NULL);
CREATE TABLE query (id INTEGER PRIMARY KEY, round, respondent, number, name, path, code, finding, state, reason,
	opened, closed, changed, changed_offset);
INSERT INTO "query" VALUES(1,2,'CC',1,'ships','ships',502,1,0,NULL,3,NULL,1796083200000,0);
INSERT INTO "query" VALUES(2,2,'CC',2,'has','has',503,2,0,NULL,3,NULL,1796083200000,0);
INSERT INTO "query" VALUES(3,2,'CC',3,'age','crew[1]/age',502,3,0,NULL,3,NULL,1796083200000,0);
INSERT INTO "query" VALUES(4,2,'DD',1,'ships','ships',505,4,0,NULL,4,NULL,1796083200000,0);
INSERT INTO "query" VALUES(5,2,'DD',2,'share','share',502,5,0,NULL,4,NULL,1796083200000,0);
INSERT INTO "query" VALUES(6,2,'DD',3,'issued','crew[1]/paper[1]/issued',502,6,0,NULL,4,NULL,1796083200000,0);
INSERT INTO "query" VALUES(7,2,'EE',1,'at','at',502,7,0,NULL,6,NULL,1796083200000,0);
INSERT INTO "query" VALUES(8,2,'AA',1,'at','at',502,8,0,NULL,7,NULL,1796083200000,0);
CREATE TABLE question (form, tab, col, coding, list, name, path, label, PRIMARY KEY (form, tab, col)) WITHOUT ROWID;
INSERT INTO "question" VALUES(1,0,0,'text',NULL,'who','who','Who');
INSERT INTO "question" VALUES(1,0,1,'integer',NULL,'ships','ships','Ships');
INSERT INTO "question" VALUES(1,0,2,'real',NULL,'share','share','Share');
INSERT INTO "question" VALUES(1,0,3,'day',NULL,'since','since','Since');
INSERT INTO "question" VALUES(1,0,4,'text',NULL,'at','at','At');
INSERT INTO "question" VALUES(1,0,5,'code',0,'has','has','Has it');
INSERT INTO "question" VALUES(1,0,6,'bits',1,'reasons','reasons','Reasons');
INSERT INTO "question" VALUES(1,0,7,'order',1,'ranked','ranked','Order');
INSERT INTO "question" VALUES(1,0,8,'text',NULL,'remarks','remarks','Remarks');
INSERT INTO "question" VALUES(1,1,0,'text',NULL,'name','crew/name','Name');
INSERT INTO "question" VALUES(1,1,1,'integer',NULL,'age','crew/age','Age');
INSERT INTO "question" VALUES(1,2,0,'text',NULL,'title','crew/paper/title','Title');
INSERT INTO "question" VALUES(1,2,1,'day',NULL,'issued','crew/paper/issued','Issued');
INSERT INTO "question" VALUES(2,0,0,'text',NULL,'who','who','Who');
INSERT INTO "question" VALUES(2,0,1,'integer',NULL,'ships','ships','Ships');
INSERT INTO "question" VALUES(2,0,2,'real',NULL,'share','share','Share');
INSERT INTO "question" VALUES(2,0,3,'day',NULL,'since','since','Since');
INSERT INTO "question" VALUES(2,0,4,'time',NULL,'at','at','At');
INSERT INTO "question" VALUES(2,0,5,'code',0,'has','has','Has it');
INSERT INTO "question" VALUES(2,0,6,'bits',1,'reasons','reasons','Reasons');
INSERT INTO "question" VALUES(2,0,7,'order',1,'ranked','ranked','Order');
INSERT INTO "question" VALUES(2,0,8,'text',NULL,'remarks','remarks','Remarks');
INSERT INTO "question" VALUES(2,1,0,'text',NULL,'name','crew/name','Name');
INSERT INTO "question" VALUES(2,1,1,'integer',NULL,'age','crew/age','Age');
INSERT INTO "question" VALUES(2,2,0,'text',NULL,'title','crew/paper/title','Title');
INSERT INTO "question" VALUES(2,2,1,'day',NULL,'issued','crew/paper/issued','Issued');
CREATE TABLE remark (id INTEGER PRIMARY KEY, response, tab, row, question, line, text, path);
INSERT INTO "remark" VALUES(1,1,0,NULL,'ships',3,'counted in May','ships');
INSERT INTO "remark" VALUES(2,7,0,NULL,'ships',3,'counted in May','ships');
CREATE TABLE response (id INTEGER PRIMARY KEY, file, form, round, respondent, line, digest, revision, later, highest);
INSERT INTO "response" VALUES(1,1,1,1,'AA',0,X'51C67994EE06EF490B42D572EA53CF50',1,NULL,NULL);
INSERT INTO "response" VALUES(2,2,2,2,'BB',2,X'777C53B12C002918CA455B0A4E7B2C29',1,5,NULL);
INSERT INTO "response" VALUES(3,2,2,2,'CC',3,X'56D30E203ECED76B9C8119F5CD744C9B',1,NULL,NULL);
INSERT INTO "response" VALUES(4,2,2,2,'DD',5,X'BEFD3A1B00769D2CF8ADC481383CC100',1,NULL,NULL);
INSERT INTO "response" VALUES(5,4,2,2,'BB',2,X'890D01B62EF0D7228EAA42B2B7458466',2,NULL,NULL);
INSERT INTO "response" VALUES(6,4,2,2,'EE',3,X'A20D88B8BD5543B5683EF8009A46B5F7',1,NULL,NULL);
INSERT INTO "response" VALUES(7,5,2,2,'AA',0,X'51C67994EE06EF490B42D572EA53CF50',1,NULL,NULL);
CREATE TABLE returned_blank (id INTEGER PRIMARY KEY, file, round, respondent);
CREATE TABLE roster (id INTEGER PRIMARY KEY, source, bytes, sha256);
INSERT INTO "roster" VALUES(1,'roster.csv',X'636F64652C6E616D650A41412C416C7068610A42422C426574610A43432C47616D6D610A44442C44656C74610A45452C457073696C6F6E0A',X'D250C68FE7FFEE462F3E4090225FDC5A97534E91B66053E8947C953803B32D68');
CREATE TABLE round (id INTEGER PRIMARY KEY, label UNIQUE, created, created_offset, current, due);
INSERT INTO "round" VALUES(1,'2025',1796083200000,0,1,NULL);
INSERT INTO "round" VALUES(2,'2026',1796083200000,0,0,NULL);
CREATE TABLE store (form_id);
INSERT INTO "store" VALUES('invented');
CREATE TABLE view_column (view, position, name, path, label, PRIMARY KEY (view, position)) WITHOUT ROWID;
INSERT INTO "view_column" VALUES('answers',0,'respondent',NULL,NULL);
INSERT INTO "view_column" VALUES('answers',1,'round',NULL,NULL);
INSERT INTO "view_column" VALUES('answers',2,'revision',NULL,NULL);
INSERT INTO "view_column" VALUES('answers',3,'who','who','Who');
INSERT INTO "view_column" VALUES('answers',4,'ships','ships','Ships');
INSERT INTO "view_column" VALUES('answers',5,'share','share','Share');
INSERT INTO "view_column" VALUES('answers',6,'since','since','Since');
INSERT INTO "view_column" VALUES('answers',7,'at','at','At');
INSERT INTO "view_column" VALUES('answers',8,'has','has','Has it');
INSERT INTO "view_column" VALUES('answers',9,'reasons','reasons','Reasons');
INSERT INTO "view_column" VALUES('answers',10,'ranked','ranked','Order');
INSERT INTO "view_column" VALUES('answers',11,'remarks','remarks','Remarks');
INSERT INTO "view_column" VALUES('answers_repeat_1',0,'respondent',NULL,NULL);
INSERT INTO "view_column" VALUES('answers_repeat_1',1,'round',NULL,NULL);
INSERT INTO "view_column" VALUES('answers_repeat_1',2,'revision',NULL,NULL);
INSERT INTO "view_column" VALUES('answers_repeat_1',3,'entry',NULL,NULL);
INSERT INTO "view_column" VALUES('answers_repeat_1',4,'name','crew/name','Name');
INSERT INTO "view_column" VALUES('answers_repeat_1',5,'age','crew/age','Age');
INSERT INTO "view_column" VALUES('answers_repeat_2',0,'respondent',NULL,NULL);
INSERT INTO "view_column" VALUES('answers_repeat_2',1,'round',NULL,NULL);
INSERT INTO "view_column" VALUES('answers_repeat_2',2,'revision',NULL,NULL);
INSERT INTO "view_column" VALUES('answers_repeat_2',3,'entry',NULL,NULL);
INSERT INTO "view_column" VALUES('answers_repeat_2',4,'title','crew/paper/title','Title');
INSERT INTO "view_column" VALUES('answers_repeat_2',5,'issued','crew/paper/issued','Issued');
CREATE INDEX file_by_sha256 ON file (round, sha256);
CREATE INDEX file_unmatched ON file (round) WHERE matched IS NULL AND first IS NOT NULL;
CREATE INDEX original_by_file ON original (file);
CREATE INDEX original_kept ON original (sha256) WHERE bytes IS NULL;
CREATE INDEX response_by_respondent ON response (respondent, round);
CREATE INDEX remark_by_response ON remark (response);
CREATE INDEX remark_by_place ON remark (response, path);
CREATE INDEX finding_by_response ON finding (response);
CREATE INDEX ledger_by_response ON ledger (response);
CREATE INDEX quarantine_by_file ON quarantine (file);
CREATE UNIQUE INDEX query_by_place ON query (respondent, round, path, code);
CREATE INDEX query_waived ON query (finding) WHERE state = 2;
CREATE UNIQUE INDEX notice_by_key ON notice (round, respondent, kind, day);
CREATE UNIQUE INDEX event_by_number ON event (round, number);
CREATE TRIGGER event_is_final BEFORE UPDATE ON event BEGIN SELECT raise(ABORT, 'an event cannot be changed'); END;
CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN SELECT raise(ABORT, 'an event cannot be deleted'); END;
CREATE UNIQUE INDEX draft_by_who ON draft (round, respondent, who);
CREATE VIEW columns AS SELECT view, name, path, label FROM view_column;
CREATE VIEW verdict (number, word) AS VALUES (0, 'blank'), (1, 'accepted'), (2, 'not applicable'), (3, 'not known'),
	(4, 'withheld'), (5, 'missing'), (6, 'not readable'), (7, 'not a choice'), (8, 'against the rule'), (9, 'not asked'),
	(10, 'not expected'), (11, 'given twice'), (12, 'not checked');
CREATE VIEW answers_all AS SELECT x.respondent, x.round, x.revision, x.counts,
	coalesce(x.entry || substr(q.path, length(t.path) + 1), q.path) AS path, q.label AS question,
	CASE q.coding WHEN 'code' THEN (SELECT name FROM choice c WHERE c.form = x.form AND c.list = q.list AND
			c.code = x.value)
		WHEN 'bits' THEN (SELECT group_concat(name, ' ') FROM choice c WHERE c.form = x.form AND c.list = q.list
			AND x.value >> c.code & 1)
		WHEN 'day' THEN date(x.value * 86400, 'unixepoch')
		WHEN 'time' THEN time(x.value / 1000, 'unixepoch')
		WHEN 'moment' THEN strftime('%Y-%m-%dT%H:%M:%SZ', x.value / 1000, 'unixepoch')
		ELSE x.value END AS value,
	CASE q.coding WHEN 'code' THEN (SELECT coalesce(label, name) FROM choice c WHERE c.form = x.form AND
			c.list = q.list AND c.code = x.value)
		WHEN 'bits' THEN (SELECT group_concat(coalesce(label, name), '; ') FROM choice c WHERE c.form = x.form
			AND c.list = q.list AND x.value >> c.code & 1)
		WHEN 'names' THEN (SELECT group_concat(coalesce(label, name), '; ') FROM choice c WHERE c.form = x.form
			AND c.list = q.list AND instr(' ' || x.value || ' ', ' ' || c.name || ' '))
		WHEN 'order' THEN (SELECT group_concat(coalesce(label, name), '; ') OVER (ORDER BY instr(' ' || x.value || ' ',
			' ' || c.name || ' ') ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM choice c WHERE
			c.form = x.form AND c.list = q.list AND instr(' ' || x.value || ' ', ' ' || c.name || ' ') LIMIT 1) END AS label,
	v.word AS verdict, f.name AS file, x.line
	FROM cell x JOIN question q ON q.form = x.form AND q.tab = x.tab AND q.col = x.col
	JOIN form_table t ON t.form = x.form AND t.tab = x.tab JOIN response r ON r.id = x.response
	JOIN file f ON f.id = +r.file LEFT JOIN verdict v ON v.number = x.verdict;
CREATE VIEW answers_long AS SELECT respondent, round, path, question, value, label, verdict, file, line FROM answers_all
	WHERE counts;
CREATE VIEW changes AS SELECT b.respondent, b.round, b.revision, b.path, b.question, a.value AS before, b.value AS after,
	b.verdict FROM answers_all b LEFT JOIN answers_all a ON a.respondent = b.respondent AND a.round = b.round AND
	a.path = b.path AND a.revision = b.revision - 1
	WHERE b.revision > 1 AND (a.value IS NOT b.value OR a.verdict IS NOT b.verdict)
	UNION ALL SELECT a.respondent, a.round, a.revision + 1, a.path, a.question, a.value, NULL, NULL FROM answers_all a
	LEFT JOIN answers_all b ON b.respondent = a.respondent AND b.round = a.round AND b.path = a.path AND
	b.revision = a.revision + 1 WHERE a.value IS NOT NULL AND b.path IS NULL AND EXISTS (SELECT 1 FROM response n
	JOIN round o ON o.id = n.round WHERE n.respondent = a.respondent AND o.label = a.round AND
	n.revision = a.revision + 1);
CREATE VIEW findings AS SELECT r.respondent, round.label AS round, r.revision, n.path,
	substr('NWE', n.severity + 1, 1) || printf('%04d', n.code) AS code, n.value, n.message, n.hint,
	CASE q.state WHEN 0 THEN 'open' WHEN 1 THEN 'answered' WHEN 2 THEN 'waived' WHEN 3 THEN 'closed' END AS state,
	f.name AS file, n.sheet, n.line, n.col AS "column"
	FROM finding n JOIN file f ON f.id = +n.file JOIN round ON round.id = +f.round LEFT JOIN response r ON r.id = +n.response
	LEFT JOIN query q ON q.finding = n.id WHERE n.response = 0 OR r.later IS NULL;
CREATE VIEW history AS SELECT round.label AS round, e.number, e.kind, e.respondent, r.revision, e.who,
	strftime('%Y-%m-%dT%H:%M:%SZ', e.happened / 1000, 'unixepoch') AS happened, e.reason, e.detail
	FROM event e JOIN round ON round.id = +e.round LEFT JOIN response r ON r.id = +e.response;
CREATE VIEW quarantined AS SELECT round.label AS round, q.id AS item, q.source AS file, q.sheet, q.line, q.claimed AS
	respondent, 'E' || printf('%04d', q.code) AS code, q.message, q.hint
	FROM quarantine q JOIN round ON round.id = +q.round WHERE q.settled IS NULL;
CREATE VIEW replies AS SELECT round.label AS round, m.code AS respondent, m.name, r.revision,
	(SELECT count(*) FROM returned_blank b WHERE b.round = round.id AND b.respondent = m.code) AS blank,
	(SELECT count(*) FROM quarantine q WHERE q.round = round.id AND q.claimed = m.code AND q.settled IS NULL) AS quarantined,
	(SELECT max(coalesce(reason, '')) FROM notice n WHERE n.round = round.id AND n.respondent = m.code AND n.kind = 4) AS
	declined, date(coalesce((SELECT max(due) FROM notice n WHERE n.round = round.id AND n.respondent = m.code AND
	n.kind = 3), round.due) * 86400, 'unixepoch') AS due
	FROM round JOIN member m ON m.roster = (SELECT max(id) FROM roster)
	LEFT JOIN response r ON r.respondent = m.code AND r.round = round.id AND r.later IS NULL
	ORDER BY round.id, m.position;
CREATE INDEX answers_1_1_0_by_response ON answers_1_1_0 (response);
CREATE INDEX answers_1_2_0_by_response ON answers_1_2_0 (response);
CREATE INDEX answers_2_1_0_by_response ON answers_2_1_0 (response);
CREATE INDEX answers_2_2_0_by_response ON answers_2_2_0 (response);
CREATE VIEW cell_1 AS SELECT 1 AS form, 0 AS tab, k.col AS col, r.id AS response, r.respondent AS respondent, round.label AS round, r.revision AS revision, r.later IS NULL AS counts, NULL AS entry, e0.line AS line, CASE k.col WHEN 0 THEN e0.q0 WHEN 1 THEN e0.q1 WHEN 2 THEN e0.q2 WHEN 3 THEN e0.q3 WHEN 4 THEN e0.q4 WHEN 5 THEN e0.q5 WHEN 6 THEN e0.q6 WHEN 7 THEN e0.q7 WHEN 8 THEN e0.q8 END AS value, instr('0123456789ABCDEF', substr(hex(substr(e0.verdicts, (k.col - 0) / 2 + 1, 1)), 2 - (k.col - 0) % 2, 1)) - 1 AS verdict FROM answers_1_0_0 e0 JOIN response r ON r.id = e0.id JOIN round ON round.id = r.round JOIN question k ON k.form = 1 AND k.tab = 0 AND k.col BETWEEN 0 AND 8 UNION ALL SELECT 1 AS form, 1 AS tab, k.col AS col, r.id AS response, r.respondent AS respondent, round.label AS round, r.revision AS revision, r.later IS NULL AS counts, 'crew' || '[' || e1.position || ']' AS entry, e1.line AS line, CASE k.col WHEN 0 THEN e1.q0 WHEN 1 THEN e1.q1 END AS value, instr('0123456789ABCDEF', substr(hex(substr(e1.verdicts, (k.col - 0) / 2 + 1, 1)), 2 - (k.col - 0) % 2, 1)) - 1 AS verdict FROM answers_1_1_0 e1 JOIN response r ON r.id = e1.response JOIN round ON round.id = r.round JOIN question k ON k.form = 1 AND k.tab = 1 AND k.col BETWEEN 0 AND 1 UNION ALL SELECT 1 AS form, 2 AS tab, k.col AS col, r.id AS response, r.respondent AS respondent, round.label AS round, r.revision AS revision, r.later IS NULL AS counts, 'crew' || '[' || e1.position || ']' || '/paper' || '[' || e2.position || ']' AS entry, e2.line AS line, CASE k.col WHEN 0 THEN e2.q0 WHEN 1 THEN e2.q1 END AS value, instr('0123456789ABCDEF', substr(hex(substr(e2.verdicts, (k.col - 0) / 2 + 1, 1)), 2 - (k.col - 0) % 2, 1)) - 1 AS verdict FROM answers_1_2_0 e2 JOIN answers_1_1_0 e1 ON e1.id = e2.parent JOIN response r ON r.id = e2.response JOIN round ON round.id = r.round JOIN question k ON k.form = 1 AND k.tab = 2 AND k.col BETWEEN 0 AND 1;
CREATE VIEW cell_2 AS SELECT 2 AS form, 0 AS tab, k.col AS col, r.id AS response, r.respondent AS respondent, round.label AS round, r.revision AS revision, r.later IS NULL AS counts, NULL AS entry, e0.line AS line, CASE k.col WHEN 0 THEN e0.q0 WHEN 1 THEN e0.q1 WHEN 2 THEN e0.q2 WHEN 3 THEN e0.q3 WHEN 4 THEN e0.q4 WHEN 5 THEN e0.q5 WHEN 6 THEN e0.q6 WHEN 7 THEN e0.q7 WHEN 8 THEN e0.q8 END AS value, instr('0123456789ABCDEF', substr(hex(substr(e0.verdicts, (k.col - 0) / 2 + 1, 1)), 2 - (k.col - 0) % 2, 1)) - 1 AS verdict FROM answers_2_0_0 e0 JOIN response r ON r.id = e0.id JOIN round ON round.id = r.round JOIN question k ON k.form = 2 AND k.tab = 0 AND k.col BETWEEN 0 AND 8 UNION ALL SELECT 2 AS form, 1 AS tab, k.col AS col, r.id AS response, r.respondent AS respondent, round.label AS round, r.revision AS revision, r.later IS NULL AS counts, 'crew' || '[' || e1.position || ']' AS entry, e1.line AS line, CASE k.col WHEN 0 THEN e1.q0 WHEN 1 THEN e1.q1 END AS value, instr('0123456789ABCDEF', substr(hex(substr(e1.verdicts, (k.col - 0) / 2 + 1, 1)), 2 - (k.col - 0) % 2, 1)) - 1 AS verdict FROM answers_2_1_0 e1 JOIN response r ON r.id = e1.response JOIN round ON round.id = r.round JOIN question k ON k.form = 2 AND k.tab = 1 AND k.col BETWEEN 0 AND 1 UNION ALL SELECT 2 AS form, 2 AS tab, k.col AS col, r.id AS response, r.respondent AS respondent, round.label AS round, r.revision AS revision, r.later IS NULL AS counts, 'crew' || '[' || e1.position || ']' || '/paper' || '[' || e2.position || ']' AS entry, e2.line AS line, CASE k.col WHEN 0 THEN e2.q0 WHEN 1 THEN e2.q1 END AS value, instr('0123456789ABCDEF', substr(hex(substr(e2.verdicts, (k.col - 0) / 2 + 1, 1)), 2 - (k.col - 0) % 2, 1)) - 1 AS verdict FROM answers_2_2_0 e2 JOIN answers_2_1_0 e1 ON e1.id = e2.parent JOIN response r ON r.id = e2.response JOIN round ON round.id = r.round JOIN question k ON k.form = 2 AND k.tab = 2 AND k.col BETWEEN 0 AND 1;
CREATE VIEW cell AS SELECT * FROM cell_1 UNION ALL SELECT * FROM cell_2;
CREATE VIEW answers (respondent, round, revision, "who", "ships", "share", "since", "at", "has", "reasons", "ranked", "remarks") AS SELECT r.respondent AS respondent, round.label AS round, r.revision AS revision, e0.q0, e0.q1, e0.q2, date(e0.q3 * 86400, 'unixepoch'), e0.q4, (SELECT coalesce(label, name) FROM choice WHERE form = 1 AND list = 0 AND code = e0.q5), (SELECT group_concat(coalesce(label, name), '; ') FROM choice WHERE form = 1 AND list = 1 AND e0.q6 >> code & 1), (SELECT group_concat(coalesce(label, name), '; ') OVER (ORDER BY instr(' ' || e0.q7 || ' ', ' ' || name || ' ') ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM choice WHERE form = 1 AND list = 1 AND instr(' ' || e0.q7 || ' ', ' ' || name || ' ') LIMIT 1), e0.q8 FROM answers_1_0_0 e0 JOIN response r ON r.id = e0.id JOIN round ON round.id = r.round WHERE r.later IS NULL UNION ALL SELECT r.respondent AS respondent, round.label AS round, r.revision AS revision, e0.q0, e0.q1, e0.q2, date(e0.q3 * 86400, 'unixepoch'), time(e0.q4 / 1000, 'unixepoch'), (SELECT coalesce(label, name) FROM choice WHERE form = 2 AND list = 0 AND code = e0.q5), (SELECT group_concat(coalesce(label, name), '; ') FROM choice WHERE form = 2 AND list = 1 AND e0.q6 >> code & 1), (SELECT group_concat(coalesce(label, name), '; ') OVER (ORDER BY instr(' ' || e0.q7 || ' ', ' ' || name || ' ') ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM choice WHERE form = 2 AND list = 1 AND instr(' ' || e0.q7 || ' ', ' ' || name || ' ') LIMIT 1), e0.q8 FROM answers_2_0_0 e0 JOIN response r ON r.id = e0.id JOIN round ON round.id = r.round WHERE r.later IS NULL;
CREATE VIEW answers_repeat_1 (respondent, round, revision, entry, "name", "age") AS SELECT r.respondent AS respondent, round.label AS round, r.revision AS revision, 'crew' || '[' || e1.position || ']', e1.q0, e1.q1 FROM answers_1_1_0 e1 JOIN response r ON r.id = e1.response JOIN round ON round.id = r.round WHERE r.later IS NULL UNION ALL SELECT r.respondent AS respondent, round.label AS round, r.revision AS revision, 'crew' || '[' || e1.position || ']', e1.q0, e1.q1 FROM answers_2_1_0 e1 JOIN response r ON r.id = e1.response JOIN round ON round.id = r.round WHERE r.later IS NULL;
CREATE VIEW answers_repeat_2 (respondent, round, revision, entry, "title", "issued") AS SELECT r.respondent AS respondent, round.label AS round, r.revision AS revision, 'crew' || '[' || e1.position || ']' || '/paper' || '[' || e2.position || ']', e2.q0, date(e2.q1 * 86400, 'unixepoch') FROM answers_1_2_0 e2 JOIN answers_1_1_0 e1 ON e1.id = e2.parent JOIN response r ON r.id = e2.response JOIN round ON round.id = r.round WHERE r.later IS NULL UNION ALL SELECT r.respondent AS respondent, round.label AS round, r.revision AS revision, 'crew' || '[' || e1.position || ']' || '/paper' || '[' || e2.position || ']', e2.q0, date(e2.q1 * 86400, 'unixepoch') FROM answers_2_2_0 e2 JOIN answers_2_1_0 e1 ON e1.id = e2.parent JOIN response r ON r.id = e2.response JOIN round ON round.id = r.round WHERE r.later IS NULL;
COMMIT;
