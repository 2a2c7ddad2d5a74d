/**
 * The instruments every gateway knows: large US stocks and funds. One line each:
 * symbol | conId | name | listing exchange | industry | category | subcategory | price.
 *
 * Prices are plausible round figures to start a simulation from, not quotes. ConIds are stable here;
 * well-known ones are IBKR's, those above 700000000 are the gateway's own.
 */
export const LISTING_LINES = `
AAPL|265598|APPLE INC|NASDAQ|Technology|Computers|Computers|230.00
MSFT|272093|MICROSOFT CORP|NASDAQ|Technology|Software|Applications Software|420.00
NVDA|4815747|NVIDIA CORP|NASDAQ|Technology|Semiconductors|Electronic Compo-Semicon|140.00
AMZN|3691937|AMAZON.COM INC|NASDAQ|Communications|Internet|E-Commerce/Products|200.00
GOOGL|208813719|ALPHABET INC-CL A|NASDAQ|Communications|Internet|Web Portals/ISP|175.00
GOOG|208813720|ALPHABET INC-CL C|NASDAQ|Communications|Internet|Web Portals/ISP|177.00
META|107113386|META PLATFORMS INC-CLASS A|NASDAQ|Communications|Internet|Internet Content-Entmnt|560.00
TSLA|76792991|TESLA INC|NASDAQ|Consumer, Cyclical|Auto Manufacturers|Auto-Cars/Light Trucks|340.00
AVGO|313130367|BROADCOM INC|NASDAQ|Technology|Semiconductors|Electronic Compo-Semicon|170.00
NFLX|15124833|NETFLIX INC|NASDAQ|Communications|Internet|Internet Content-Entmnt|850.00
AMD|4391|ADVANCED MICRO DEVICES|NASDAQ|Technology|Semiconductors|Electronic Compo-Semicon|140.00
INTC|270639|INTEL CORP|NASDAQ|Technology|Semiconductors|Electronic Compo-Semicon|24.00
CSCO|268084|CISCO SYSTEMS INC|NASDAQ|Communications|Telecommunications|Networking Products|57.00
ORCL|272800|ORACLE CORP|NYSE|Technology|Software|Enterprise Software/Serv|185.00
ADBE|265768|ADOBE INC|NASDAQ|Technology|Software|Applications Software|500.00
CRM|700000001|SALESFORCE INC|NYSE|Technology|Software|Applications Software|330.00
QCOM|273544|QUALCOMM INC|NASDAQ|Technology|Semiconductors|Semicon Compo-Intg Circu|160.00
TXN|700000002|TEXAS INSTRUMENTS INC|NASDAQ|Technology|Semiconductors|Electronic Compo-Semicon|200.00
MU|700000003|MICRON TECHNOLOGY INC|NASDAQ|Technology|Semiconductors|Electronic Compo-Semicon|100.00
AMAT|700000004|APPLIED MATERIALS INC|NASDAQ|Technology|Semiconductors|Semiconductor Equipment|180.00
IBM|8314|INTL BUSINESS MACHINES CORP|NYSE|Technology|Computers|Computer Services|215.00
INTU|700000005|INTUIT INC|NASDAQ|Technology|Software|Applications Software|640.00
NOW|700000006|SERVICENOW INC|NYSE|Technology|Software|Enterprise Software/Serv|1000.00
UBER|700000007|UBER TECHNOLOGIES INC|NYSE|Technology|Software|E-Commerce/Services|70.00
PYPL|700000008|PAYPAL HOLDINGS INC|NASDAQ|Consumer, Non-cyclical|Commercial Services|Commercial Serv-Finance|85.00
JPM|1520593|JPMORGAN CHASE & CO|NYSE|Financial|Banks|Diversified Banking Inst|240.00
BAC|10098|BANK OF AMERICA CORP|NYSE|Financial|Banks|Diversified Banking Inst|46.00
WFC|10375|WELLS FARGO & CO|NYSE|Financial|Banks|Super-Regional Banks-US|74.00
C|87335484|CITIGROUP INC|NYSE|Financial|Banks|Diversified Banking Inst|69.00
GS|4627828|GOLDMAN SACHS GROUP INC|NYSE|Financial|Banks|Diversified Banking Inst|590.00
MS|2841574|MORGAN STANLEY|NYSE|Financial|Banks|Diversified Banking Inst|130.00
AIG|61319701|AMERICAN INTERNATIONAL GROUP|NYSE|Financial|Insurance|Multi-line Insurance|76.00
MET|700000009|METLIFE INC|NYSE|Financial|Insurance|Multi-line Insurance|83.00
PRU|700000010|PRUDENTIAL FINANCIAL INC|NYSE|Financial|Insurance|Life/Health Insurance|125.00
AXP|4721|AMERICAN EXPRESS CO|NYSE|Financial|Diversified Finan Serv|Finance-Credit Card|290.00
V|49462172|VISA INC-CLASS A SHARES|NYSE|Financial|Diversified Finan Serv|Finance-Credit Card|310.00
MA|38685693|MASTERCARD INC - A|NYSE|Financial|Diversified Finan Serv|Finance-Credit Card|520.00
BLK|700000011|BLACKROCK INC|NYSE|Financial|Diversified Finan Serv|Invest Mgmnt/Advis Serv|1030.00
SCHW|700000012|SCHWAB (CHARLES) CORP|NYSE|Financial|Diversified Finan Serv|Finance-Invest Bnkr/Brkr|81.00
USB|700000013|US BANCORP|NYSE|Financial|Banks|Super-Regional Banks-US|51.00
PNC|700000014|PNC FINANCIAL SERVICES GROUP|NYSE|Financial|Banks|Super-Regional Banks-US|205.00
BRK B|72063691|BERKSHIRE HATHAWAY INC-CL B|NYSE|Financial|Insurance|Reinsurance|470.00
JNJ|8719|JOHNSON & JOHNSON|NYSE|Consumer, Non-cyclical|Pharmaceuticals|Medical-Drugs|155.00
PFE|700000015|PFIZER INC|NYSE|Consumer, Non-cyclical|Pharmaceuticals|Medical-Drugs|25.00
MRK|700000016|MERCK & CO. INC.|NYSE|Consumer, Non-cyclical|Pharmaceuticals|Medical-Drugs|98.00
ABBV|118089500|ABBVIE INC|NYSE|Consumer, Non-cyclical|Pharmaceuticals|Medical-Drugs|180.00
LLY|9160|ELI LILLY & CO|NYSE|Consumer, Non-cyclical|Pharmaceuticals|Medical-Drugs|760.00
UNH|13272|UNITEDHEALTH GROUP INC|NYSE|Consumer, Non-cyclical|Healthcare-Services|Medical-HMO|590.00
ABT|700000017|ABBOTT LABORATORIES|NYSE|Consumer, Non-cyclical|Healthcare-Products|Medical Products|117.00
TMO|700000018|THERMO FISHER SCIENTIFIC INC|NYSE|Consumer, Non-cyclical|Healthcare-Products|Instruments-Scientific|520.00
AMGN|266093|AMGEN INC|NASDAQ|Consumer, Non-cyclical|Biotechnology|Medical-Biomedical/Gene|285.00
GILD|269753|GILEAD SCIENCES INC|NASDAQ|Consumer, Non-cyclical|Biotechnology|Medical-Biomedical/Gene|90.00
BMY|700000019|BRISTOL-MYERS SQUIBB CO|NYSE|Consumer, Non-cyclical|Pharmaceuticals|Medical-Drugs|57.00
MDT|700000020|MEDTRONIC PLC|NYSE|Consumer, Non-cyclical|Healthcare-Products|Medical Instruments|86.00
PG|11017|PROCTER & GAMBLE CO/THE|NYSE|Consumer, Non-cyclical|Cosmetics/Personal Care|Cosmetics&Toiletries|171.00
KO|8894|COCA-COLA CO/THE|NYSE|Consumer, Non-cyclical|Beverages|Beverages-Non-alcoholic|63.00
PEP|700000051|PEPSICO INC|NASDAQ|Consumer, Non-cyclical|Beverages|Beverages-Non-alcoholic|160.00
COST|272997|COSTCO WHOLESALE CORP|NASDAQ|Consumer, Cyclical|Retail|Retail-Discount|930.00
WMT|13824|WALMART INC|NYSE|Consumer, Cyclical|Retail|Retail-Discount|88.00
TGT|700000021|TARGET CORP|NYSE|Consumer, Cyclical|Retail|Retail-Discount|125.00
HD|7930|HOME DEPOT INC|NYSE|Consumer, Cyclical|Retail|Retail-Building Products|405.00
LOW|700000022|LOWE'S COS INC|NYSE|Consumer, Cyclical|Retail|Retail-Building Products|265.00
MCD|9408|MCDONALD'S CORP|NYSE|Consumer, Cyclical|Retail|Retail-Restaurants|295.00
SBUX|274105|STARBUCKS CORP|NASDAQ|Consumer, Cyclical|Retail|Retail-Restaurants|98.00
NKE|10291|NIKE INC -CL B|NYSE|Consumer, Cyclical|Apparel|Athletic Footwear|77.00
DIS|6459|WALT DISNEY CO/THE|NYSE|Communications|Media|Multimedia|112.00
CMCSA|267748|COMCAST CORP-CLASS A|NASDAQ|Communications|Media|Cable/Satellite TV|43.00
T|37018770|AT&T INC|NYSE|Communications|Telecommunications|Telephone-Integrated|23.00
VZ|700000023|VERIZON COMMUNICATIONS INC|NYSE|Communications|Telecommunications|Telephone-Integrated|43.00
TMUS|700000024|T-MOBILE US INC|NASDAQ|Communications|Telecommunications|Cellular Telecom|235.00
F|9599491|FORD MOTOR CO|NYSE|Consumer, Cyclical|Auto Manufacturers|Auto-Cars/Light Trucks|11.00
GM|80986742|GENERAL MOTORS CO|NYSE|Consumer, Cyclical|Auto Manufacturers|Auto-Cars/Light Trucks|55.00
BKNG|700000025|BOOKING HOLDINGS INC|NASDAQ|Communications|Internet|E-Commerce/Services|5100.00
XOM|13977|EXXON MOBIL CORP|NYSE|Energy|Oil&Gas|Oil Comp-Integrated|119.00
CVX|5684|CHEVRON CORP|NYSE|Energy|Oil&Gas|Oil Comp-Integrated|160.00
COP|700000026|CONOCOPHILLIPS|NYSE|Energy|Oil&Gas|Oil Comp-Explor&Prodtn|110.00
SLB|700000027|SCHLUMBERGER LTD|NYSE|Energy|Oil&Gas Services|Oil-Field Services|43.00
BA|4762|BOEING CO/THE|NYSE|Industrial|Aerospace/Defense|Aerospace/Defense|150.00
CAT|5437|CATERPILLAR INC|NYSE|Industrial|Machinery-Constr&Mining|Machinery-Constr&Mining|385.00
GE|498843743|GENERAL ELECTRIC|NYSE|Industrial|Aerospace/Defense|Aerospace/Defense|180.00
HON|4350|HONEYWELL INTERNATIONAL INC|NASDAQ|Industrial|Electronics|Instruments-Controls|228.00
LMT|700000028|LOCKHEED MARTIN CORP|NYSE|Industrial|Aerospace/Defense|Aerospace/Defense|530.00
RTX|700000029|RTX CORP|NYSE|Industrial|Aerospace/Defense|Aerospace/Defense|119.00
DE|700000030|DEERE & CO|NYSE|Industrial|Machinery-Diversified|Machinery-Farm|410.00
UPS|700000031|UNITED PARCEL SERVICE-CL B|NYSE|Industrial|Transportation|Transport-Services|134.00
FDX|700000032|FEDEX CORP|NYSE|Industrial|Transportation|Transport-Services|290.00
UNP|700000033|UNION PACIFIC CORP|NYSE|Industrial|Transportation|Transport-Rail|240.00
MMM|700000034|3M CO|NYSE|Industrial|Miscellaneous Manufactur|Diversified Manufact Op|130.00
NEE|700000035|NEXTERA ENERGY INC|NYSE|Utilities|Electric|Electric-Integrated|77.00
DUK|700000036|DUKE ENERGY CORP|NYSE|Utilities|Electric|Electric-Integrated|114.00
SO|700000037|SOUTHERN CO/THE|NYSE|Utilities|Electric|Electric-Integrated|88.00
FCX|700000038|FREEPORT-MCMORAN INC|NYSE|Basic Materials|Mining|Metal-Copper|44.00
NEM|700000039|NEWMONT CORP|NYSE|Basic Materials|Mining|Gold Mining|43.00
LIN|700000040|LINDE PLC|NASDAQ|Basic Materials|Chemicals|Industrial Gases|455.00
AMT|700000041|AMERICAN TOWER CORP|NYSE|Financial|REITS|REITS-Diversified|205.00
PLD|700000042|PROLOGIS INC|NYSE|Financial|REITS|REITS-Warehouse/Industr|116.00
SPY|756733|SPDR S&P 500 ETF TRUST|ARCA|Funds|Equity Fund|Growth&Income-Large Cap|590.00
QQQ|320227571|INVESCO QQQ TRUST SERIES 1|NASDAQ|Funds|Equity Fund|Sector Fund-Technology|500.00
IWM|9579970|ISHARES RUSSELL 2000 ETF|ARCA|Funds|Equity Fund|Growth&Income-Small Cap|235.00
DIA|73128548|SPDR DJIA TRUST|ARCA|Funds|Equity Fund|Growth&Income-Large Cap|440.00
VTI|700000043|VANGUARD TOTAL STOCK MKT ETF|ARCA|Funds|Equity Fund|Growth&Income-Large Cap|293.00
VOO|700000044|VANGUARD S&P 500 ETF|ARCA|Funds|Equity Fund|Growth&Income-Large Cap|542.00
EEM|700000045|ISHARES MSCI EMERGING MARKETS|ARCA|Funds|Equity Fund|Emerging Market-Equity|43.00
EFA|700000046|ISHARES MSCI EAFE ETF|ARCA|Funds|Equity Fund|International Equity|77.00
GLD|51529211|SPDR GOLD SHARES|ARCA|Funds|Commodity Fund|Commodity-Precious Metals|245.00
TLT|700000047|ISHARES 20+ YEAR TREASURY BD|NASDAQ|Funds|Debt Fund|Govt-Long Term|91.00
XLF|700000048|FINANCIAL SELECT SECTOR SPDR|ARCA|Funds|Equity Fund|Sector Fund-Finan Serv|50.00
XLE|700000049|ENERGY SELECT SECTOR SPDR|ARCA|Funds|Equity Fund|Sector Fund-Energy|95.00
XLK|700000050|TECHNOLOGY SELECT SECT SPDR|ARCA|Funds|Equity Fund|Sector Fund-Technology|232.00
`;
